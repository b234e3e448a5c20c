import { join } from 'node:path'
import { publishedPrograms } from '@crypto-signals/testing'
import t from 'tap'

t.test('what is published is in order and runs', (t) => publishedPrograms(t, join(import.meta.dirname, '..'), ['top']))
