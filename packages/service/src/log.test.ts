import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createLog } from './log.ts'

t.test('writes everything to combined.log, errors to error.log too, and no secret to either', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'log-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const { log, close } = createLog({ name: 'test', level: 'info', dir: join(dir, 'logs') })
  log.info({ coinId: 'bitcoin', source: { apiKey: 'CG-secret' } }, 'priced')
  log.error('broken')
  await close()
  const [combined, errors] = ['combined.log', 'error.log'].map((name) => readFileSync(join(dir, 'logs', name), 'utf8'))
  t.match(combined, /"priced"[\s\S]*"broken"/)
  t.notMatch(combined, /CG-secret/)
  t.match(errors, /"broken"/)
  t.notMatch(errors, /priced/)
})
