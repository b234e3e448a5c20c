import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from '@crypto-signals/testing'
import t from 'tap'
import { createLog } from './log.ts'

t.test('writes everything to combined.log, errors to error.log too, and no secret to either', async (t) => {
  await using dir = await tempDir()
  const { log, close } = createLog({ name: 'test', level: 'info', dir: join(dir.path, 'logs') })
  log.info({ coinId: 'bitcoin', source: { apiKey: 'CG-secret' } }, 'priced')
  log.error('broken')
  await close()
  const [combined, errors] = ['combined.log', 'error.log'].map((name) =>
    readFileSync(join(dir.path, 'logs', name), 'utf8'),
  )
  t.match(combined, /"priced"[\s\S]*"broken"/)
  t.notMatch(combined, /CG-secret/)
  t.match(errors, /"broken"/)
  t.notMatch(errors, /priced/)
})

t.test('refuses a directory that it cannot write, naming the variable and the cause', async (t) => {
  await using dir = await tempDir()
  writeFileSync(join(dir.path, 'file'), '')
  mkdirSync(join(dir.path, 'taken', 'combined.log'), { recursive: true })
  const causeOf = (name: string) => () => createLog({ name: 'test', level: 'info', dir: join(dir.path, name) })
  t.throws(causeOf('file/logs'), { name: 'ConfigError', message: /LOG_DIR: ENOTDIR/ })
  t.throws(causeOf('taken'), { name: 'ConfigError', message: /LOG_DIR: EISDIR/ })
})
