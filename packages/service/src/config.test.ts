import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from '@crypto-signals/testing'
import { Type } from '@sinclair/typebox'
import t from 'tap'
import { ConfigError, loadConfig } from './config.ts'
import { processEnvironment } from './environment.ts'

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

t.test('says in words what is expected, where the schema does', async (t) => {
  const Names = Type.Object({ NAME: Type.String({ pattern: '^[a-z]+$', expected: 'must be small letters' }) })
  t.throws(() => loadConfig(Names, { NAME: '1' }), { message: /NAME: must be small letters$/ })
  const Sources = Type.Object(processEnvironment(0))
  for (const MARKET_SOURCES of [
    'binance',
    'coingecko, binance',
    'coingecko,nobody',
    'coingecko,',
    'simulator,coingecko',
  ])
    t.throws(
      () => loadConfig(Sources, { MARKET_SOURCES }),
      { message: /MARKET_SOURCES: must be auto, / },
      MARKET_SOURCES,
    )
  for (const MARKET_SOURCES of ['auto', 'simulator', 'coingecko', 'binance,coingecko', 'coingecko,okx,kraken'])
    t.equal(loadConfig(Sources, { MARKET_SOURCES }).MARKET_SOURCES, MARKET_SOURCES)
})

t.test('reads a secret from the file that NAME_FILE names, and says when it cannot', async (t) => {
  await using dir = await tempDir()
  writeFileSync(join(dir.path, 'key'), 'secret\n')
  t.equal(loadConfig(Config, { KEY_FILE: join(dir.path, 'key') }).KEY, 'secret')
  t.throws(() => loadConfig(Config, { KEY_FILE: join(dir.path, 'none') }), { message: /KEY_FILE: / })
})
