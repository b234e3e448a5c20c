import { MARKET_SOURCES } from '@crypto-signals/service'
import { openStore } from '@crypto-signals/store'
import { captureLog, FAULTS, FakeClock, startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { settingsOf } from '../config.ts'
import { SOURCES } from './catalog.ts'
import { coingecko } from './coingecko.ts'
import { openNamed } from './market-sources.ts'
import { probe } from './probe.ts'

/** A replayed source and what a probe of it needs. */
async function openSite(t: Test) {
  const clock = new FakeClock()
  const replay = await startMarketReplay({ rows: [], clock })
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'market.sqlite' })
  const { log, lines } = captureLog()
  t.teardown(async () => {
    for (const part of [store, dir, replay]) await part[Symbol.asyncDispose]()
  })
  const environment = { COINGECKO_URL: `${replay.url}/api/v3/`, COINGECKO_API_KEY: 'CG-secret' }
  const asked = (more: Record<string, string> = {}) =>
    probe({ MARKET_SOURCES: 'coingecko', ...environment, ...more }, { store, clock, log })
  const usage = () => store.budgets.usage('coingecko', clock.now())
  return { clock, replay, lines, asked, usage }
}

t.test('asks once, as a call does: under the base address, with the key, out of the budget', async (t) => {
  const { replay, asked, usage } = await openSite(t)
  t.equal(await asked(), true)
  t.strictSame(
    replay.requests.map(({ url }) => url),
    ['/api/v3/ping'],
  )
  t.match(replay.requests[0]?.headers, { 'x-cg-demo-api-key': 'CG-secret', 'user-agent': 'crypto-signals' })
  t.match(await usage(), { minuteUsed: 1, monthUsed: 1, blockedUntil: null })
})

for (const [form, headers, pauseMs] of [
  ['as long as it says', { 'retry-after': '600' }, 600_000],
  ['a minute if it does not say', {}, 60_000],
] as const) {
  t.test(`a source that throttles answers, and is left alone ${form}`, async (t) => {
    const { clock, replay, asked, usage, lines } = await openSite(t)
    replay.next(FAULTS.rateLimited(headers))
    t.equal(await asked(), true)
    t.equal((await usage()).blockedUntil, clock.now() + pauseMs)
    t.ok(lines.some(({ msg }) => msg.startsWith('ping failed: HTTP 429')))
    t.equal(await asked(), true, 'it did answer before')
    t.equal(replay.requests.length, 1)
  })
}

t.test('whatever a source answers, it answers; one that breaks off or says nothing within 5 s does not', async (t) => {
  const { clock, replay, asked, usage } = await openSite(t)
  for (const fault of [FAULTS.unauthorised, FAULTS.serverError, FAULTS.htmlPage]) {
    replay.next(fault)
    t.equal(await asked(), true)
  }
  replay.next(FAULTS.reset)
  t.equal(await asked(), false)
  replay.next(FAULTS.stall)
  const stalled = asked()
  await until(() => replay.requests.length === 5)
  await clock.advance(5_000)
  t.equal(await stalled, false)
  t.match(await usage(), { minuteUsed: 5, blockedUntil: null })
  t.equal(clock.sleeping, 0, 'no timer is left behind')
})

t.test('all sources that are named are asked at once, and the first that answers is enough', async (t) => {
  const { replay, clock, asked } = await openSite(t)
  const stalled = await startMarketReplay({ rows: [], clock })
  t.teardown(() => stalled[Symbol.asyncDispose]())
  stalled.next(FAULTS.stall, 9)
  const both = { MARKET_SOURCES: 'coinlore,coingecko', COINLORE_URL: stalled.url }
  t.equal(await asked(both), true, 'no time passed')
  t.equal(stalled.requests.length, 1)
  replay.next(FAULTS.stall)
  const silent = asked(both)
  await until(() => replay.requests.length === 2 && stalled.requests.length === 2)
  await clock.advance(5_000)
  t.equal(await silent, false)
  t.equal(clock.sleeping, 0, 'no timer is left behind')
})

t.test('the names that a configuration may hold are those of the sources there are', async (t) => {
  t.strictSame(SOURCES.map(({ facts }) => facts.name).sort(), [...MARKET_SOURCES].sort())
  const opened = (env: Partial<Parameters<typeof openNamed>[0]>) =>
    openNamed({ MARKET_SOURCES: 'auto', ...env }, { clock: new FakeClock(), log: captureLog().log, random: () => 0 })
  const namesOf = (env: Parameters<typeof opened>[0]) => opened(env).map(({ facts }) => facts.name)
  t.strictSame(namesOf({}).length, MARKET_SOURCES.length - 1, 'without its key CoinMarketCap is not used')
  t.ok(namesOf({ COINMARKETCAP_API_KEY: 'k' }).includes('coinmarketcap'))
  t.strictSame(namesOf({ MARKET_SOURCES: 'okx,coingecko,coinmarketcap' }), ['coingecko', 'okx'])
})

t.test('limits follow from the key and the host, and can be set', async (t) => {
  const limitsOf = (env: Partial<Parameters<typeof settingsOf>[1]>) => {
    const { perMinute, perMonth } = settingsOf(coingecko, { MARKET_SOURCES: 'auto', ...env })
    return [perMinute, perMonth]
  }
  t.strictSame(limitsOf({}), [3, null])
  t.strictSame(limitsOf({ COINGECKO_API_KEY: 'CG-1' }), [30, 10_000])
  t.strictSame(limitsOf({ COINGECKO_URL: 'http://127.0.0.1:4010' }), [30, null])
  t.strictSame(limitsOf({ COINGECKO_API_KEY: 'CG-1', COINGECKO_PER_MINUTE: 100, COINGECKO_PER_MONTH: 5 }), [100, 5])
})
