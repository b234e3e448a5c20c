import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from '@crypto-signals/testing'
import { Type } from '@sinclair/typebox'
import t from 'tap'
import { ConfigError, loadConfig } from './config.ts'

const Config = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000 }),
  DEBUG: Type.Boolean({ default: false }),
  KEY: Type.Optional(Type.String({ minLength: 3 })),
})

t.test('gives defaults, reads values as the schema types them, and freezes the result', async (t) => {
  t.strictSame({ ...loadConfig(Config, { OTHER: 'x' }) }, { PORT: 3000, DEBUG: false })
  t.strictSame(
    { ...loadConfig(Config, { PORT: '80', DEBUG: 'true', KEY: '123' }) },
    { PORT: 80, DEBUG: true, KEY: '123' },
  )
  t.throws(() => Object.assign(loadConfig(Config, {}), { PORT: 1 }))
})

t.test('takes an empty variable as unset', async (t) => {
  t.equal(loadConfig(Config, { PORT: '' }).PORT, 3000)
})

t.test('reports every fault at once', async (t) => {
  const error = t.throws(() => loadConfig(Config, { PORT: '70000', DEBUG: 'yes', KEY: 'x' })) as unknown as ConfigError
  t.type(error, ConfigError)
  t.equal(error.faults.length, 3)
  for (const name of ['PORT', 'DEBUG', 'KEY']) t.match(error.message, new RegExp(`${name}: `))
})

t.test('reads a secret from the file that NAME_FILE names, and says when it cannot', async (t) => {
  await using dir = await tempDir()
  writeFileSync(join(dir.path, 'key'), 'secret\n')
  t.equal(loadConfig(Config, { KEY_FILE: join(dir.path, 'key') }).KEY, 'secret')
  t.throws(() => loadConfig(Config, { KEY_FILE: join(dir.path, 'none') }), { message: /KEY_FILE: / })
})
