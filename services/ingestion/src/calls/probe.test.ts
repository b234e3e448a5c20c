import { openStore } from '@crypto-signals/store'
import { captureLog, FAULTS, FakeClock, startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { coingeckoSettings } from '../config.ts'
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
  const settings = coingeckoSettings({ COINGECKO_URL: `${replay.url}/api/v3/`, COINGECKO_API_KEY: 'CG-secret' })
  const asked = () => probe(settings, { store, clock, log })
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
