import { parseArgs } from 'node:util'
import type { EventName } from '@crypto-signals/contracts'
import { replayDeadLetters } from './open.ts'

const { values } = parseArgs({
  options: { name: { type: 'string' }, limit: { type: 'string' }, namespace: { type: 'string' } },
})
const url = process.env.NATS_URL
const limit = values.limit === undefined ? undefined : Number(values.limit)
if (url === undefined) throw new Error('NATS_URL says where the dead letters are: it is not set')
if (limit !== undefined && !(limit >= 1)) throw new RangeError('--limit is a number from 1')

const { name, namespace } = values
const { replayed, kept } = await replayDeadLetters(url, { name: name as EventName | undefined, limit, namespace })
process.stdout.write(`${replayed} dead letters replayed, ${kept} kept\n`)
