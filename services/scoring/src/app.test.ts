import { type Bus, openBus } from '@crypto-signals/bus'
import {
  MAX_BATCH_ROWS,
  partitionOf,
  type Quote,
  type Quotes,
  SCORE_INTERVALS,
  type ScoredCoin,
  type Signals,
} from '@crypto-signals/contracts'
import { createMetrics } from '@crypto-signals/service'
import { openStore, type Store } from '@crypto-signals/store'
import { captureLog, FakeClock, manyQuotes, quoteOf, randomOf, tempDir, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { buildScoring } from './app.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')
// The next catching up.
const IDLE_SLEEPERS = 1
const COINS = ['bitcoin', 'ethereum', 'solana', 'dogecoin', 'tail-coin']

/** What a coin was seen at after so many minutes. */
function quoteAt(coinId: string, minute: number, change = 0): Quote {
  const instant = new Date(START + minute * 60_000).toISOString()
  return quoteOf({ coinId, changePct: { '1h': change, '24h': change }, observedAt: instant, receivedAt: instant })
}

const eventOf = (id: string, ...rows: Quote[]): Quotes => ({ id, partition: partitionOf(rows[0]?.coinId ?? ''), rows })

/** A store that outlives the processes which work on it. */
async function openTestStore(t: Test): Promise<Store> {
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  t.teardown(async () => {
    await store[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })
  return store
}

/** A process: a bus of its own with scoring on it, and what is heard there. `spoil` puts faults between scoring and its ports. */
async function openProcess(store: Store, spoil: { bus?: (bus: Bus) => Bus; store?: (store: Store) => Store } = {}) {
  const clock = new FakeClock(START)
  const { log, lines } = captureLog()
  const metrics = createMetrics()
  const bus = await openBus({ clock, log })
  const heard: Signals[] = []
  const ear = await bus.consume('signals', { group: 'test', delivery: 'each' }, async (event) => void heard.push(event))
  const scoring = buildScoring({
    bus: spoil.bus?.(bus) ?? bus,
    store: spoil.store?.(store) ?? store,
    clock,
    log,
    metrics,
  })
  /** Until all that was published is handled. */
  const end = async () => {
    await scoring.stop()
    await ear.stop()
    await bus[Symbol.asyncDispose]()
  }
  return { bus, clock, scoring, heard, metrics, lines, end }
}

/** Plays the events into a process of their own; the state it leaves and what it published. */
async function play(t: Test, events: readonly Quotes[]) {
  const store = await openTestStore(t)
  const { bus, scoring, heard, lines, end } = await openProcess(store)
  await scoring.start()
  for (const event of events) await bus.publish('quotes', event)
  await end()
  const complaints = lines.filter(({ level }) => level > 30)
  t.same(complaints, [], 'no event failed or was unfit')
  return { state: await stateOf(store), history: await historyOf(store), heard }
}

async function stateOf(store: Store): Promise<ScoredCoin[]> {
  const coins: ScoredCoin[] = []
  for await (const batch of store.signals.all(100)) coins.push(...batch)
  return coins
}

const historyOf = (store: Store) =>
  Promise.all(COINS.flatMap((coinId) => SCORE_INTERVALS.map((interval) => store.scores.of(coinId, interval))))

/** A few coins observed again and again for more than a day, each with its own moves. */
function tape(): Quotes[] {
  const random = randomOf(7)
  return Array.from({ length: 60 }, (_, i) => {
    const coinId = COINS[i % COINS.length] ?? ''
    return eventOf(`tape-${i}`, quoteAt(coinId, 27 * i, 40 * (random() - 0.5)))
  })
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = randomOf(3)
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

const withoutPrevious = (coins: readonly ScoredCoin[]) =>
  coins.map((coin) => ({ ...coin, signals: coin.signals.map((signal) => ({ ...signal, previous: null })) }))

t.test('each quotes event becomes one signals event of its partition, stored and published alike', async (t) => {
  const { state, heard } = await play(t, [
    eventOf('first', quoteAt('bitcoin', 0, 5)),
    eventOf('second', quoteAt('bitcoin', 1, -5)),
  ])
  t.same(
    heard.map(({ partition }) => partition),
    [partitionOf('bitcoin'), partitionOf('bitcoin')],
  )
  t.not(heard[0]?.id, heard[1]?.id)
  t.same(heard[1]?.rows, state)
  const [before, now] = heard.map(({ rows }) => rows[0]?.signals[0])
  t.same(now?.previous, {
    action: before?.recommendation.action,
    finalScore: before?.finalScore,
    at: before?.updatedAt,
  })
})

t.test('the newest of several quotes of a coin in one event counts', async (t) => {
  const { heard } = await play(t, [eventOf('one', quoteAt('bitcoin', 1), quoteAt('bitcoin', 2), quoteAt('bitcoin', 0))])
  t.equal(heard[0]?.rows.length, 1)
  t.equal(heard[0]?.rows[0]?.signals[0]?.observedAt, quoteAt('bitcoin', 2).observedAt)
})

t.test('an event whose id is as long as an id can be is scored like any other', async (t) => {
  const { heard } = await play(t, [eventOf('x'.repeat(200), quoteAt('bitcoin', 0))])
  t.equal(heard.length, 1)
})

t.test(
  'a tape played twice, and then once more in any order, leaves the state and history of one clean run',
  async (t) => {
    const once = await play(t, tape())
    const twice = await play(
      t,
      tape().flatMap((event) => [event, event]),
    )
    const again = await play(t, [...tape(), ...shuffled(tape())])
    t.equal(once.state.length, COINS.length)
    t.same(twice.state, once.state)
    t.same(again.state, once.state)
    t.same([twice.history, again.history], [once.history, once.history])
    t.same(
      once.history.map(({ length }) => length),
      COINS.flatMap(() => [11, 1]),
      'hours and days that are over',
    )
  },
)

t.test('a tape that comes in the wrong order leaves the newest observation of each coin', async (t) => {
  const [clean, disordered] = [await play(t, tape()), await play(t, shuffled(tape()))]
  t.same(withoutPrevious(disordered.state), withoutPrevious(clean.state))
})

t.test('signals that were stored but not published are published when the event comes again', async (t) => {
  const store = await openTestStore(t)
  const event = eventOf('lost', quoteAt('bitcoin', 1, 8))
  const dumb = await openProcess(store, {
    bus: (bus) => ({ ...bus, publish: async () => Promise.reject(new Error('bus lost')) }),
  })
  await dumb.scoring.start()
  await dumb.bus.publish('quotes', event)
  await until(() => dumb.clock.sleeping > IDLE_SLEEPERS)
  const stored = await stateOf(store)
  t.equal(stored.length, 1)
  await dumb.end()
  t.equal(dumb.heard.length, 0)

  const next = await openProcess(store)
  await next.scoring.start()
  await next.bus.publish('quotes', event)
  await next.bus.publish('quotes', event)
  await next.end()
  t.same(
    next.heard.map(({ rows }) => rows),
    [stored, stored],
  )
  t.equal(next.heard[0]?.id, next.heard[1]?.id, 'a repeat has the same id')
  t.same(await stateOf(store), stored)
})

t.test('an event that could not be stored or published is tried again and loses nothing', async (t) => {
  const failingOnce = () => {
    let calls = 0
    return async () => (calls++ === 0 ? Promise.reject(new Error('not now')) : undefined)
  }
  const spoils = [
    { bus: (bus: Bus) => before(failingOnce(), bus) },
    { store: (store: Store) => ({ ...store, signals: beforeSave(failingOnce(), store.signals) }) },
  ]
  for (const spoil of spoils) {
    const store = await openTestStore(t)
    const { bus, clock, scoring, heard, end } = await openProcess(store, spoil)
    await scoring.start()
    await bus.publish('quotes', eventOf('tried', quoteAt('bitcoin', 1)))
    await until(() => clock.sleeping > IDLE_SLEEPERS)
    await clock.advance(1_000)
    await end()
    t.same(
      heard.flatMap(({ rows }) => rows),
      await stateOf(store),
    )
    t.equal(heard.length, 1)
  }
})

const before = (gate: () => Promise<void>, bus: Bus): Bus => ({
  ...bus,
  publish: async (name, event) => gate().then(() => bus.publish(name, event)),
})

const beforeSave = (gate: () => Promise<void>, signals: Store['signals']): Store['signals'] => ({
  ...signals,
  save: async (coins) => gate().then(() => signals.save(coins)),
})

t.test(
  'a restart scores and publishes what was stored but not scored, in bounded events of one partition',
  async (t) => {
    const store = await openTestStore(t)
    const quotes = manyQuotes(450)
    for (let i = 0; i < quotes.length; i += MAX_BATCH_ROWS) await store.quotes.save(quotes.slice(i, i + MAX_BATCH_ROWS))
    const first = await openProcess(store)
    t.match(await first.scoring.readiness(), { ready: false, reasons: ['scoring is stopped'] })
    await first.scoring.start()
    t.same(await first.scoring.readiness(), { ready: true, reasons: [], counts: { scored: 450 } })
    await first.end()
    const rows = first.heard.flatMap((event) => event.rows)
    t.same(new Set(rows.map(({ coinId }) => coinId)), new Set(quotes.map(({ coinId }) => coinId)))
    t.ok(first.heard.every((event) => event.rows.every(({ coinId }) => partitionOf(coinId) === event.partition)))
    t.equal(new Set(first.heard.map(({ id }) => id)).size, first.heard.length)
    t.equal((await stateOf(store)).length, 450)

    const second = await openProcess(store)
    await second.scoring.start()
    await second.end()
    t.equal(second.heard.length, 0, 'nothing is left')
  },
)

t.test(
  'a quote that arrives while stored ones are scored sees the signals of those as its previous ones',
  async (t) => {
    const store = await openTestStore(t)
    const coinIds = Array.from({ length: 300 }, (_, i) => `coin-${i}`)
    await store.quotes.save(coinIds.map((coinId) => quoteAt(coinId, 0, 9)))
    const { bus, scoring, heard, end } = await openProcess(store, { store: slow })
    const started = scoring.start()
    for (const coinId of coinIds) await bus.publish('quotes', eventOf(`new ${coinId}`, quoteAt(coinId, 1, -9)))
    await started
    await end()
    const said = Map.groupBy(
      heard.flatMap(({ rows }) => rows),
      ({ coinId }) => coinId,
    )
    t.equal(said.size, coinIds.length)
    t.ok(
      [...said.values()].some((coins) => coins.length === 2),
      'some were scored twice',
    )
    for (const coins of said.values()) {
      const signals = coins.map((coin) => coin.signals[0])
      t.same(
        signals.map((signal) => signal?.previous?.at ?? null),
        [null, ...signals.map((signal) => signal?.updatedAt)].slice(0, -1),
      )
      t.equal(signals.at(-1)?.observedAt, quoteAt('', 1).observedAt)
    }
  },
)

/** As a store elsewhere is: between asking and the answer others have their turn. */
const slow = (store: Store): Store => {
  const later = () => new Promise((resolve) => setImmediate(resolve))
  const of: Store['signals']['of'] = async (coinIds) => {
    const coins = await store.signals.of(coinIds)
    await later()
    return coins
  }
  return { ...store, signals: { ...store.signals, of } }
}

t.test('what it scored is counted, timed, and told coin by coin only to those who debug', async (t) => {
  const store = await openTestStore(t)
  const { bus, scoring, metrics, lines, end } = await openProcess(store)
  await scoring.start()
  const event = eventOf('one', quoteAt('bitcoin', 0))
  await bus.publish('quotes', event)
  await bus.publish('quotes', event)
  await end()
  t.match(await metrics.metrics(), /^scoring_coins_scored_total 1$/m, 'a repeat is not scored again')
  t.match(await metrics.metrics(), /^scoring_batch_duration_seconds_count 2$/m)
  const levels = lines.filter((line) => 'coinId' in line).map(({ level }) => level)
  t.same(levels, [20, 20])
})
