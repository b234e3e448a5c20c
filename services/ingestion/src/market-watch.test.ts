import { randomUUID } from 'node:crypto'
import type { MarketIndex } from '@crypto-signals/contracts'
import { alertOf, captureLog, FakeClock, startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { type FakeSource, fakeSource } from '../test/fake-source.ts'
import { observationOf } from '../test/observations.ts'
import { openRig, pass } from '../test/rig.ts'
import { coingecko } from './calls/coingecko.ts'
import type { Demand } from './demand.ts'
import type { StreamFeed } from './source.ts'

const rows = ['ape', 'bee', 'cat'].map((id) => ({
  id,
  symbol: id,
  name: id,
  current_price: 10,
  market_cap: 1e9,
  circulating_supply: 1e8,
}))

/** Ingestion that watches a replayed base source and others. */
async function openSite(t: Test, others: (clock: FakeClock) => FakeSource[], closed = () => {}) {
  const clock = new FakeClock()
  const replay = await startMarketReplay({ rows, clock })
  const dir = await tempDir()
  const { log, lines } = captureLog()
  const settings = { url: replay.url, streamUrl: null, apiKey: null, perMinute: 60, perMonth: null, simulated: false }
  const openSources = async () => ({
    sources: [coingecko.open(settings, { clock, log, random: () => 0 }), ...others(clock)],
    [Symbol.asyncDispose]: async () => closed(),
  })
  const rig = await openRig({ url: replay.url, clock, dataDir: dir.path, log, config: { openSources } })
  t.teardown(async () => {
    for (const part of [rig, dir, replay]) await part[Symbol.asyncDispose]()
  })
  return { clock, rig, lines, replay }
}

const observed = (key: string, price: number, observedAtMs: number) => observationOf({ key, price, observedAtMs })

/** A source whose keys are our coin ids. */
const byId = (source: FakeSource): FakeSource => ({ ...source, facts: { ...source.facts, keys: 'coingecko-id' } })

t.test('coins that alerts watch or that people look at are what urgent feeds ask for', async (t) => {
  const seen: (readonly string[])[] = []
  const round = (demand: Demand) => {
    seen.push(demand.urgent(10))
    return []
  }
  const { clock, rig } = await openSite(t, (clock) => [
    fakeSource({ name: 'defillama', clock, polls: [{ name: 'urgent', urgent: true, round }] }),
  ])
  await pass(clock, rig.sweepDone)
  const alert = alertOf({ alertId: randomUUID(), coinId: 'cat' })
  await rig.store.alerts.create({ alert, version: 0, seen: null, lastAction: null })
  await rig.bus.publish('interest', { id: 'one', coinIds: ['bee', 'unknown'] })
  await pass(clock, () => seen.at(-1)?.length === 2, 5_000)
  t.strictSame(seen.at(-1), ['cat', 'bee'])
})

t.test(
  'a fresher price of another source moves the quote, with its name on it; a stream goes out gathered',
  async (t) => {
    let say: (price: number) => void = () => undefined
    const stream = (clock: FakeClock): StreamFeed => ({
      kind: 'stream',
      name: 'mini-tickers',
      run: (hand, told, signal) =>
        new Promise((resolve) => {
          told({ connected: true })
          say = (price) =>
            hand({ receivedAt: clock.now(), rows: [observed('ape', price, clock.now())], faults: [], repeated: 0 })
          signal.addEventListener('abort', () => resolve())
        }),
    })
    const { clock, rig } = await openSite(t, (clock) => [
      byId(fakeSource({ name: 'binance', kind: 'exchange', clock, feeds: [stream(clock)] })),
    ])
    await pass(clock, rig.sweepDone)
    const before = rig.events.length
    for (const price of [10.1, 10.2, 10.5]) {
      await clock.advance(100)
      say(price)
    }
    await pass(clock, async () => (await rig.store.quotes.get('ape'))?.priceUsd === 10.5)
    t.match(await rig.store.quotes.get('ape'), { source: 'binance', marketCapUsd: 1.05e9 })
    await clock.advance(20_000)
    t.equal(rig.events.slice(before).flatMap((event) => event.rows).length, 1, 'three prices, one quote')
    t.equal(await rig.metric('ingestion_rows_total{source="binance",result="good"}'), 3)
  },
)

t.test('the past of coins is asked for where a source has calls to spare, and kept as bars', async (t) => {
  const asked: string[] = []
  const { clock, rig } = await openSite(t, (clock) => [
    byId(
      fakeSource({
        name: 'defillama',
        clock,
        polls: [{ name: 'sweep' }],
        history: async (key, interval) => {
          asked.push(`${key} ${interval}`)
          const openedAt = '2025-12-30T00:00:00.000Z'
          return [{ openedAt, open: 10, high: 20, low: 5, close: 15, volumeUsd: null, filled: true }]
        },
      }),
    ),
  ])
  await pass(clock, () => asked.length === 6, 5_000)
  t.strictSame([...asked].sort(), ['ape 1d', 'ape 1h', 'bee 1d', 'bee 1h', 'cat 1d', 'cat 1h'])
  const range = { fromMs: 0, toMs: clock.now() - 86_400_000 }
  await pass(clock, async () => (await rig.store.bars.of('ape', '1d', range)).length > 0, 5_000)
  t.match(await rig.store.bars.of('ape', '1d', range), [{ close: 15, filled: true }])
})

t.test('an index is kept in the store, and what ingestion knows of keys and prices is metered', async (t) => {
  const index: MarketIndex = {
    index: 'fear-greed',
    value: 40,
    label: 'Fear',
    source: 'alternative-me',
    observedAt: '2026-01-01T00:00:00.000Z',
  }
  const feed = { kind: 'index' as const, name: 'fear-greed', bestEveryMs: 6 * 3_600_000, ask: async () => index }
  const { clock, rig } = await openSite(t, (clock) => [
    fakeSource({ name: 'alternative-me', kind: 'index', clock, feeds: [feed] }),
  ])
  await pass(clock, rig.sweepDone)
  await until(async () => (await rig.store.sources.indices()).length === 1)
  t.strictSame(await rig.store.sources.indices(), [index])
  t.equal(await rig.metric('ingestion_feed_lag_seconds{source="coingecko"}'), 0)
  const metrics = await rig.metrics()
  for (const name of ['held_back_total', 'mappings', 'budget_exhausts_at_seconds'])
    t.match(metrics, new RegExp(`# TYPE ingestion_${name} gauge`))
})

t.test(
  'a store that hangs keeps it from stopping for six seconds at most, and its sources are closed at once',
  async (t) => {
    let isClosed = false
    const { clock, rig, lines } = await openSite(
      t,
      () => [],
      () => (isClosed = true),
    )
    await pass(clock, rig.sweepDone)
    rig.store.bars.save = () => new Promise(() => undefined)
    let isStopped = false
    void rig.service.stop().then(() => (isStopped = true))
    await until(() => isClosed)
    t.notOk(isStopped)
    await until(() => clock.sleeping > 0)
    await clock.advance(6_000)
    await until(() => isStopped)
    t.ok(lines.some(({ msg }) => msg === 'stopping although not all bars are written'))
  },
)
