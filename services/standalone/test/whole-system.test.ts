import { systemClock } from '@crypto-signals/clock'
import {
  CoinDetail,
  CoinSignal,
  CoinsPage,
  Failure,
  primaryOf,
  type Quote,
  type ServedSignal,
  type Signal,
  SignalStats,
  SignalsList,
  SignalsPage,
  TIMEFRAMES,
} from '@crypto-signals/contracts'
import { createMetrics, loadConfig, type Process } from '@crypto-signals/service'
import { captureLog, FAULTS, type MarketReplay, startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import * as fc from 'fast-check'
import t, { type Test } from 'tap'
import { buildStandalone } from '../src/app.ts'
import { StandaloneConfig } from '../src/config.ts'
import { BAD_REQUESTS } from './bad-requests.ts'
import { addressesOf, startEngines } from './distributed/engines.ts'
import { BROKEN_ROWS, madeUpRows, type Row, recordedRows } from './market-rows.ts'
import { answerTo, type Question, type Reference, referenceOf, searched } from './reference.ts'

const REAL = recordedRows()
// Spread over all of the rows, so that every chunk and page holds some.
const GOOD: Row[] = [...REAL, ...madeUpRows(1_200, 7)]
const ROWS = [...GOOD, ...GOOD.slice(40, 90), ...BROKEN_ROWS]
const IDS = new Set(GOOD.map(({ id }) => String(id)))

interface System extends AsyncDisposable {
  process: Process
  replay: MarketReplay
  get: (url: string, schema?: TSchema) => Promise<any>
}

async function startSystem(rows: readonly unknown[], engines: Record<string, string>): Promise<System> {
  const replay = await startMarketReplay({ rows })
  const when = ({ path }: { path: string }) => path === '/coins/markets'
  replay.next(FAULTS.rateLimited({ 'retry-after': '1' }), 1, when)
  replay.next(FAULTS.htmlPage, 1, when)
  replay.next(FAULTS.truncated, 1, when)
  const env = {
    ...engines,
    MARKET_SOURCES: 'coingecko',
    COINGECKO_URL: `${replay.url}/api/v3`,
    COINGECKO_PER_MINUTE: '1000',
    RATE_LIMIT_PER_MINUTE: '1000000',
    TOP_INTERVAL_SECONDS: '3600',
  }
  const { log } = captureLog()
  const process = await buildStandalone(loadConfig(StandaloneConfig, env), {
    clock: systemClock,
    log,
    metrics: createMetrics(),
  })
  await process.start()
  const get = async (url: string, schema?: TSchema) => {
    const answer = await process.server.inject(url)
    const body = answer.json()
    if (schema !== undefined && !Value.Check(schema, body))
      throw new Error(`${url}: ${JSON.stringify([...Value.Errors(schema, body)].slice(0, 3))}`)
    return body
  }
  const close = async () => {
    await process.server.close()
    await process.stop()
    await replay[Symbol.asyncDispose]()
  }
  return { process, replay, get, [Symbol.asyncDispose]: close }
}

/** Waits until the sweep is done and what it brought is scored and served. */
async function swept(system: System): Promise<void> {
  // The rows are of years ago.
  const isWell = (reason: string) => reason.endsWith('have no price younger than 8 h')
  await until(async () => (await system.get('/api/health')).reasons.every(isWell), { timeoutMs: 120_000 })
  await until(
    async () => {
      const coins = (await allPages(system, '/api/coins?', CoinsPage)) as Quote[]
      const signals = (await allPages(system, '/api/signals?', SignalsPage)) as Signal[]
      const scoredAt = new Map(signals.map(({ coinId, updatedAt }) => [coinId, updatedAt]))
      return coins.every(({ coinId, receivedAt }) => scoredAt.get(coinId) === receivedAt)
    },
    { timeoutMs: 60_000 },
  )
}

async function allPages(system: System, path: string, schema: TSchema): Promise<any[]> {
  const rows: unknown[] = []
  for (let page = 1; ; page++) {
    const { data, pagination } = await system.get(`${path}page=${page}&limit=100`, schema)
    rows.push(...data)
    if (page >= pagination.total_pages) return rows
  }
}

// A row without a time is a new observation each time it comes, so that its coin has a signal before this one.
const TIMELESS = new Set(GOOD.filter(({ last_updated }) => !last_updated).map(({ id }) => String(id)))

const comparable = ({ ageMs: _ageMs, freshness: _freshness, ...rest }: ServedSignal) => ({
  ...rest,
  previous: TIMELESS.has(rest.coinId) ? null : rest.previous,
})

t.test('on embedded engines, a market of real, made-up, repeated and broken rows', async (t) => {
  await using dir = await tempDir()
  await wholeSystem(t, { DATA_DIR: dir.path })
})

t.test('the same on NATS, MongoDB and Redis', async (t) => {
  const engines = await startEngines({ stoppable: false })
  if (typeof engines === 'string') {
    t.pass('needs the servers', { skip: engines })
    return
  }
  await using _engines = engines
  await wholeSystem(t, addressesOf(engines))
})

async function wholeSystem(t: Test, engines: Record<string, string>) {
  if (REAL.length === 0) t.comment('SKIPPED: no recorded market answers in ../shared/data; only made-up rows are used')
  await using system = await startSystem(ROWS, engines)
  await swept(system)
  const coins = (await allPages(system, '/api/coins?', CoinsPage)) as Quote[]
  const reference = referenceOf(GOOD, new Map(coins.map(({ coinId, receivedAt }) => [coinId, receivedAt])))

  await t.test('every distinct valid coin has one primary signal, in spite of faults in between', async (t) => {
    const rows = await allPages(system, '/api/signals?', SignalsPage)
    t.equal(rows.length, IDS.size)
    t.strictSame(new Set(rows.map(({ coinId }) => coinId)), IDS)
    t.strictSame((await system.get('/api/health')).metrics, {
      ...(await system.get('/api/health')).metrics,
      coins: IDS.size,
      signals: IDS.size * 4,
    })
  })

  await t.test('each coin says what a plain reading of its row says, on all four horizons', async (t) => {
    for (const [coinId, expected] of reference.coins) {
      const { data } = await system.get(`/api/signals/coin/${encodeURIComponent(coinId)}`, CoinSignal)
      const { timeframes, ...primary } = data
      const served = TIMEFRAMES.map((timeframe) => comparable(timeframes[timeframe]))
      if (!t.strictSame(served, expected.signals, coinId)) break
      if (!t.strictSame(comparable(primary), primaryOf(expected.signals), coinId)) break
    }
  })

  await t.test('random questions are answered as by filtering and sorting all rows anew', (t) =>
    questions(t, system, reference),
  )
  await t.test('search takes its text literally and ranks by score', (t) => searches(t, system, reference))

  await t.test('strong signals and statistics agree with the rows', async (t) => {
    const primaries = [...reference.coins.values()].map(({ signals }) => primaryOf(signals))
    const strong = primaries
      .filter(({ finalScore }) => finalScore >= 80 || finalScore <= 20)
      .sort((a, b) => Math.abs(b.finalScore - 50) - Math.abs(a.finalScore - 50) || (a.coinId < b.coinId ? -1 : 1))
    const served = await system.get('/api/signals/strong', SignalsList)
    t.strictSame(
      served.data.map(({ coinId }: Signal) => coinId),
      strong.slice(0, 100).map(({ coinId }) => coinId),
    )
    const { data } = await system.get('/api/signals/stats', SignalStats)
    t.equal(data.overview.totalCoins, IDS.size)
    const mean = (signals: Signal[]) => signals.reduce((sum, { finalScore }) => sum + finalScore, 0) / signals.length
    t.ok(Math.abs(data.overview.avgScore - mean(primaries)) < 0.006)
    t.equal(data.overview.buyCount, primaries.filter(({ recommendation }) => recommendation.action === 'BUY').length)
    for (const [index, horizon] of data.timeframes.entries()) {
      t.ok(
        Math.abs(
          horizon.avgScore - mean([...reference.coins.values()].map(({ signals }) => signals[index] as Signal)),
        ) < 0.006,
      )
    }
  })

  await t.test('coins are served with their signal and ordered by market cap rank', async (t) => {
    const ranks = coins.map(({ marketCapRank }) => marketCapRank ?? Number.POSITIVE_INFINITY)
    t.ok(ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? 0)))
    const { data } = await system.get(`/api/coins/${coins[0]?.coinId}`, CoinDetail)
    t.equal(data.signal.coinId, coins[0]?.coinId)
    t.equal(data.priceUsd, coins[0]?.priceUsd)
  })

  await t.test('a page answers 304 to who has its version, and 200 to who has another', async (t) => {
    const { headers } = await system.process.server.inject('/api/signals')
    const again = (etag: string) =>
      system.process.server.inject({ url: '/api/signals', headers: { 'if-none-match': etag } })
    const same = await again(String(headers.etag))
    t.equal(same.statusCode, 304)
    t.equal(same.body, '')
    t.equal((await again('W/"other"')).statusCode, 200)
  })

  await t.test('every bad request gets its 4xx with details and changes nothing', (t) => badRequests(t, system))
}

async function questions(t: Tap, system: System, reference: Reference) {
  const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const scores = [...reference.coins.values()].flatMap(({ signals }) => signals.map(({ finalScore }) => finalScore))
  const border = fc.oneof(
    fc.constantFrom(0, 20, 40, 60, 80, 100),
    fc.constantFrom(...scores),
    fc.double({ min: 0, max: 100, noNaN: true }).map((x) => Math.round(x * 100) / 100),
  )
  const question = fc.record({
    timeframe: option(fc.constantFrom(...TIMEFRAMES)),
    sort: fc.constantFrom('score' as const, 'rank' as const, 'updated' as const),
    filter: option(fc.constantFrom('strong_buy', 'buy', 'hold', 'sell', 'strong_sell')),
    bounds: fc.tuple(option(border), option(border)),
    page: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2_000 })),
    limit: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 50, 100)),
  })
  let asked = 0
  await fc.assert(
    fc.asyncProperty(question, async ({ bounds: [a, b], ...rest }) => {
      const [min_score, max_score] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]
      const wanted = Object.fromEntries(
        Object.entries({ ...rest, min_score, max_score }).filter(([, value]) => value !== undefined),
      ) as unknown as Question
      const { data, pagination } = await system.get(`/api/signals?${new URLSearchParams(wanted as never).toString()}`)
      const expected = answerTo(wanted, reference)
      asked++
      t.strictSame(
        { ids: data.map(({ coinId, timeframe }: Signal) => `${coinId} ${timeframe}`), ...pagination },
        {
          ids: expected.rows.map(({ coinId, timeframe }) => `${coinId} ${timeframe}`),
          current_page: wanted.page,
          total_pages: Math.ceil(expected.total / wanted.limit),
          total_items: expected.total,
          items_per_page: wanted.limit,
        },
      )
      if (!t.passing()) throw new Error(JSON.stringify(wanted))
    }),
    { numRuns: 3_000 },
  )
  t.ok(asked >= 3_000)
}

async function searches(t: Tap, system: System, reference: Reference) {
  for (const q of [
    'bit',
    'BIT',
    'coin-1',
    'usd',
    '.*',
    '%',
    '_',
    '\\',
    '"',
    '(',
    'a b',
    'é',
    'zzzz-none',
    'coin abc',
    '-',
    ' ',
  ]) {
    for (const limit of [1, 20, 50]) {
      const { data, count } = await system.get(
        `/api/signals/search?q=${encodeURIComponent(q)}&limit=${limit}`,
        SignalsList,
      )
      t.strictSame(
        data.map(({ coinId }: Signal) => coinId),
        searched(q, limit, reference).map(({ coinId }) => coinId),
        q,
      )
      t.equal(count, data.length)
    }
  }
}

async function badRequests(t: Tap, { process, get }: System) {
  t.ok(BAD_REQUESTS.length >= 200, `${BAD_REQUESTS.length} bad requests`)
  const state = async () =>
    JSON.stringify(
      [
        await get('/api/alerts'),
        await get('/api/alerts/triggered'),
        await get('/api/signals?limit=1'),
        await get('/api/signals/stats'),
      ],
      (key, value) => (key === 'ageMs' ? 0 : value),
    )
  const before = await state()
  for (const { method, url, payload, contentType = 'application/json', status } of BAD_REQUESTS) {
    const answer = await process.server.inject({
      method,
      url,
      ...(payload === undefined ? {} : { payload, headers: { 'content-type': contentType } }),
    })
    const title = `${method} ${url.slice(0, 80)} ${payload?.slice(0, 80) ?? ''}`
    t.equal(answer.statusCode, status, title)
    t.ok(Value.Check(Failure, answer.json()) && (answer.json().details?.length ?? 0) > 0, `${title} has details`)
    if (status === 405) t.ok(answer.headers.allow, title)
  }
  t.equal(await state(), before)
}

type Tap = Pick<typeof t, 'ok' | 'equal' | 'strictSame' | 'match' | 'passing'>
