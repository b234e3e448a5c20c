import { type Bus, openBus } from '@crypto-signals/bus'
import { systemClock } from '@crypto-signals/clock'
import { partitionOf, type Quote, type ScoredCoin } from '@crypto-signals/contracts'
import { createMetrics } from '@crypto-signals/service'
import { openStore, type Store } from '@crypto-signals/store'
import {
  captureLog,
  FakeClock,
  NATS_SERVER_MISSING,
  quoteOf,
  startNatsServer,
  tempDir,
  until,
} from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { buildScoring } from './app.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')

/** What a coin was seen at so many seconds after the start. */
function quoteAt(coinId: string, second: number): Quote {
  const instant = new Date(START + second * 1_000).toISOString()
  return quoteOf({ coinId, changePct: { '24h': second % 30 }, observedAt: instant, receivedAt: instant })
}

const publish = (bus: Bus, quote: Quote) =>
  bus.publish('quotes', {
    id: `${quote.coinId} ${quote.receivedAt}`,
    partition: partitionOf(quote.coinId),
    rows: [quote],
  })

async function openTestStore(t: Test): Promise<Store> {
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  t.teardown(async () => {
    await store[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })
  return store
}

/** One of several processes that share a bus and a store; its clock is where the last quote was received, and a minute on. */
async function startReplica(bus: Bus, store: Store, { second = 60 }: { second?: number } = {}) {
  const clock = new FakeClock(START + second * 1_000)
  const { log, lines } = captureLog()
  const scoring = buildScoring({ bus, store, clock, log, metrics: createMetrics() })
  await scoring.start()
  return { clock, lines, scoring, [Symbol.asyncDispose]: () => scoring.stop() }
}

/** A bus as it is between processes, with events of which it tells that so many are not handled. */
function sharedBus(bus: Bus, behind: () => Promise<number>): Bus {
  return {
    ...bus,
    adapter: 'jetstream',
    consume: async (...args) => ({ ...(await bus.consume(...args)), behind }),
  }
}

async function openBusWithin() {
  const { log } = captureLog()
  return await openBus({ clock: new FakeClock(START), log })
}

async function scoredIn(store: Store): Promise<Map<string, ScoredCoin>> {
  const coins = new Map<string, ScoredCoin>()
  for await (const batch of store.signals.all(100)) for (const coin of batch) coins.set(coin.coinId, coin)
  return coins
}

t.test(
  'stored quotes wait until every event that was published is handled, whatever the bus says till then',
  async (t) => {
    await using bus = await openBusWithin()
    const store = await openTestStore(t)
    await store.quotes.save([quoteAt('bitcoin', 0)])
    const answers = [async () => 3, async () => Promise.reject(new Error('NATS is away')), async () => 1]
    let asked = 0
    const behind = async () => (await answers[asked++]?.()) ?? 0
    await using replica = await startReplica(sharedBus(bus, behind), store)
    t.match(await replica.scoring.readiness(), { ready: true }, 'which it does not wait for')
    for (const expected of [1, 2, 3]) {
      await replica.clock.advance(expected === 1 ? 0 : 1_000)
      t.equal(asked, expected)
      t.equal((await scoredIn(store)).size, 0)
    }
    await replica.clock.advance(1_000)
    await until(async () => (await scoredIn(store)).size === 1)
  },
)

t.test('a quote that was stored just now is left to its event, and scored when that does not come', async (t) => {
  await using bus = await openBusWithin()
  const store = await openTestStore(t)
  await store.quotes.save([quoteAt('old', 44), quoteAt('new', 46)])
  await using replica = await startReplica(
    sharedBus(bus, async () => 0),
    store,
  )
  await replica.clock.advance(0)
  await until(async () => (await scoredIn(store)).size > 0)
  await replica.clock.advance(10_000)
  t.same([...(await scoredIn(store)).keys()], ['old'])
  await replica.clock.advance(50_000)
  await until(async () => (await scoredIn(store)).has('new'))
})

t.test('what was lost while it runs is scored within a minute, also within one process', async (t) => {
  await using bus = await openBusWithin()
  const store = await openTestStore(t)
  await using replica = await startReplica(bus, store)
  await store.quotes.save([quoteAt('bitcoin', 60)])
  await replica.clock.advance(60_000)
  await replica.clock.advance(40_000)
  await until(async () => (await scoredIn(store)).size === 1)
})

t.test('a store that is away while it catches up is asked again', async (t) => {
  await using bus = await openBusWithin()
  const store = await openTestStore(t)
  await store.quotes.save([quoteAt('bitcoin', 0)])
  let calls = 0
  const of: Store['signals']['of'] = async (coinIds) =>
    calls++ === 0 ? Promise.reject(new Error('not now')) : store.signals.of(coinIds)
  const failingOnce = { ...store, signals: { ...store.signals, of } }
  await using replica = await startReplica(
    sharedBus(bus, async () => 0),
    failingOnce,
  )
  await replica.clock.advance(0)
  await until(() => replica.lines.some(({ msg }) => /tried again/.test(msg)))
  t.equal((await scoredIn(store)).size, 0)
  await replica.clock.advance(40_000)
  await until(async () => (await scoredIn(store)).size === 1)
})

const server = await startNatsServer()
t.teardown(() => server?.[Symbol.asyncDispose]())
const real = { skip: server === null && NATS_SERVER_MISSING }

/** Members of one group, each on a connection of its own. */
const openBusOn = () => openBus({ url: server?.url, clock: systemClock, log: captureLog().log })

t.test('what was observed twice while nobody scored is scored twice, in order, whoever scores it', real, async (t) => {
  await using publisher = await openBusOn()
  const store = await openTestStore(t)
  const coinIds = Array.from({ length: 200 }, (_, i) => `coin-${i}`)
  for (const coinId of coinIds) {
    for (const quote of [quoteAt(coinId, 0), quoteAt(coinId, 1)]) {
      await store.quotes.save([quote])
      await publish(publisher, quote)
    }
  }
  await using first = await openBusOn()
  await using second = await openBusOn()
  await using replica = await startReplica(first, store)
  await using other = await startReplica(second, store)
  await until(async () => {
    await Promise.all([replica.clock.advance(1_000), other.clock.advance(1_000)])
    const coins = [...(await scoredIn(store)).values()]
    return coins.length === 200 && coins.every(({ signals }) => signals[0]?.observedAt === quoteAt('', 1).observedAt)
  })
  const before = [...(await scoredIn(store)).values()].map(({ signals }) => signals[0]?.previous?.at)
  t.same(new Set(before), new Set([quoteAt('', 0).receivedAt]))
})

t.test('a stored quote whose event was lost with the bus is scored and published', real, async (t) => {
  await using bus = await openBusOn()
  const heard: string[] = []
  await bus.consume('signals', { group: 'test', delivery: 'each' }, async ({ rows }) => {
    heard.push(...rows.map(({ coinId }) => coinId))
  })
  const store = await openTestStore(t)
  await store.quotes.save([quoteAt('lost', 0)])
  await using replica = await startReplica(bus, store)
  await until(async () => {
    await replica.clock.advance(1_000)
    return heard.length > 0
  })
  t.same(heard, ['lost'])
  t.same([...(await scoredIn(store)).keys()], ['lost'])
})
