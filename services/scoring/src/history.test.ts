import { type Quote, type SCORE_INTERVALS, scorePointOf } from '@crypto-signals/contracts'
import { createMetrics } from '@crypto-signals/service'
import { openStore, type Store, StoreError } from '@crypto-signals/store'
import { captureLog, quoteOf, randomOf, tempDir } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { createScorer } from './scorer.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')

/** What a coin was seen at after so many minutes. */
function quoteAt(minute: number, { coinId = 'bitcoin', change = minute % 30, ...overrides }: Seen = {}): Quote {
  const instant = new Date(START + minute * 60_000).toISOString()
  const changePct = { '1h': change, '24h': change }
  return quoteOf({ coinId, changePct, observedAt: instant, receivedAt: instant, ...overrides })
}

type Seen = Partial<Pick<Quote, 'coinId' | 'priceUsd' | 'observedAt' | 'receivedAt'>> & { change?: number }

async function openWorld(t: Test, spoil: (store: Store) => Store = (store) => store) {
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  t.teardown(async () => {
    await store[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })
  const { log, lines } = captureLog()
  const scorer = createScorer({ store: spoil(store), log, metrics: createMetrics() })
  const historyOf = async (coinId = 'bitcoin') => ({
    hours: await store.scores.of(coinId, '1h'),
    days: await store.scores.of(coinId, '1d'),
  })
  return { store, scorer, lines, historyOf }
}

/** The store with another way to save scores. */
const saving =
  (save: (store: Store, ...args: Parameters<Store['scores']['save']>) => Promise<void>) =>
  (store: Store): Store => ({ ...store, scores: { ...store.scores, save: (scores) => save(store, scores) } })

t.test('of each hour and day the last scores are kept as soon as a later one has begun', async (t) => {
  const { scorer, historyOf } = await openWorld(t)
  const said = new Map<number, Awaited<ReturnType<typeof scorer.score>>[number]>()
  const see = async (...minutes: number[]) => {
    for (const minute of minutes) {
      const [coin] = await scorer.score([quoteAt(minute)])
      if (coin !== undefined) said.set(minute, coin)
    }
  }
  const pointAt = (minute: number, interval: (typeof SCORE_INTERVALS)[number]) => {
    const coin = said.get(minute)
    return coin === undefined ? null : scorePointOf(coin, interval)
  }
  await see(0, 20, 59)
  t.same(await historyOf(), { hours: [], days: [] }, 'the hour goes on')
  await see(60, 119, 300)
  t.same(await historyOf(), { hours: [pointAt(59, '1h'), pointAt(119, '1h')], days: [] }, 'nothing where nobody looked')
  await see(1_439, 1_440)
  const { hours, days } = await historyOf()
  t.same(
    hours.map(({ at }) => at.slice(11, 16)),
    ['00:00', '01:00', '05:00', '23:00'],
  )
  t.same(days, [pointAt(1_439, '1d')])
  t.equal(days[0]?.at, '2026-01-01T00:00:00.000Z')
})

t.test('where too little is known for an opinion the history says so', async (t) => {
  const { scorer, historyOf } = await openWorld(t)
  for (const minute of [0, 60]) await scorer.score([quoteAt(minute, { priceUsd: null })])
  const { hours } = await historyOf()
  const none = { SCALPING: null, DAY_TRADING: null, SWING_TRADING: null, LONG_TERM: null }
  t.same(hours, [{ at: '2026-01-01T00:00:00.000Z', ...none }])
})

t.test('whatever call to the store scoring is killed at, the history is that of a clean run', async (t) => {
  const random = randomOf(5)
  const tape = Array.from({ length: 80 }, (_, index) =>
    ['a', 'b', 'c'].map((coinId) => quoteAt(17 * index, { coinId, change: 40 * (random() - 0.5) })),
  )
  const clean = await openWorld(t)
  for (const quotes of tape) await clean.scorer.score(quotes)
  let deaths = 0
  const dying = async (write: () => Promise<void>) => {
    const [before, after] = [random() < 0.2, random() < 0.2]
    if (before || after) deaths++
    if (!before) await write()
    if (before || after) throw new Error('killed')
  }
  const killed = await openWorld(t, (store) => ({
    ...store,
    scores: { ...store.scores, save: (scores) => dying(() => store.scores.save(scores)) },
    signals: { ...store.signals, save: (coins) => dying(() => store.signals.save(coins)) },
  }))
  for (const quotes of tape)
    while (
      !(await killed.scorer.score(quotes).then(
        () => true,
        () => false,
      ))
    );
  t.ok(deaths > 20, `${deaths} deaths`)
  for (const coinId of ['a', 'b', 'c']) {
    const history = await clean.historyOf(coinId)
    t.same([history.hours.length, history.days.length], [22, 0])
    t.same(await killed.historyOf(coinId), history)
  }
})

t.test('the history is asked for nothing while hours go on', async (t) => {
  const saved: number[] = []
  const counting = saving(async (store, scores) => {
    saved.push(scores.length)
    await store.scores.save(scores)
  })
  const { scorer } = await openWorld(t, counting)
  const see = (minute: number, ...coinIds: string[]) =>
    scorer.score(coinIds.map((coinId) => quoteAt(minute, { coinId })))
  for (const minute of [0, 10, 10, 50]) await see(minute, 'a', 'b')
  t.same(saved, [])
  await see(60, 'a')
  await see(61, 'a', 'b')
  await see(61, 'a', 'b')
  t.same(saved, [1, 1], 'then once for each coin')
})

t.test('a store that is away fails the batch, one that refuses points costs these alone', async (t) => {
  let error = new StoreError('STORE_UNAVAILABLE', 'away')
  const { store, scorer, lines, historyOf } = await openWorld(
    t,
    saving(async () => Promise.reject(error)),
  )
  await scorer.score([quoteAt(0)])
  await t.rejects(scorer.score([quoteAt(60)]), error)
  const observed = async () => (await store.signals.of(['bitcoin']))[0]?.signals[0]?.observedAt
  t.equal(await observed(), quoteAt(0).observedAt, 'and comes again')
  t.equal(lines.filter(({ level }) => level > 30).length, 0)
  error = new StoreError('STORE_REFUSED', 'too large')
  await scorer.score([quoteAt(60)])
  t.equal(await observed(), quoteAt(60).observedAt)
  t.same(await historyOf(), { hours: [], days: [] })
  t.match(
    lines.filter(({ level }) => level === 50),
    [{ points: 1, msg: 'points of the history of scores refused' }],
  )
})

t.test('a source whose clock is ahead, and instants that do not exist, do not touch what is kept', async (t) => {
  const { scorer, historyOf } = await openWorld(t)
  for (const minute of [0, 60]) await scorer.score([quoteAt(minute)])
  const [ahead, later] = ['2999-01-01T00:00:00.000Z', '2999-01-01T00:00:01.000Z']
  await scorer.score([quoteAt(120, { observedAt: ahead })])
  await scorer.score([quoteAt(180, { observedAt: later })])
  const at = async () => (await historyOf()).hours.map((point) => point.at.slice(0, 13))
  t.same(await at(), ['2026-01-01T00', '2026-01-01T01', '2026-01-01T02'])
  await scorer.score([quoteAt(240, { observedAt: '9999-99-99T99:99:99.999Z' })])
  t.same((await at()).length, 3)
})
