import { ApiError, createClient, type LiveMarketOptions, type MarketRow } from '@crypto-signals/client'
import { type MarketReplay, randomOf, startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import t from 'tap'
import { madeUpRows, type Row } from './market-rows.ts'
import { freePort, listening, startProduct } from './product.ts'

const MARKET = madeUpRows(40, 5)
const OTHER = madeUpRows(7, 6).map((row) => ({ ...row, id: `other-${String(row.id)}` }))
const random = randomOf(9)
const now = () => new Date().toISOString()
const fresh = (row: Row): Row => ({ ...row, last_updated: now() })

const port = String(await freePort())
const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 30_000 })
const running = (replay: MarketReplay, dataDir: string) =>
  startProduct({
    PORT: port,
    DATA_DIR: dataDir,
    MARKET_SOURCES: 'coingecko',
    COINGECKO_URL: replay.url,
    COINGECKO_PER_MINUTE: '100000',
    RATE_LIMIT_PER_MINUTE: '100000',
    SWEEP_INTERVAL_SECONDS: '1',
  })

const scored = (count: number) =>
  until(async () => (await client.signals.stats().catch(() => null))?.data.overview.totalCoins === count, {
    timeoutMs: 60_000,
  })

/** Some coins get other prices. */
function move(replay: MarketReplay): void {
  replay.rows = (replay.rows as Row[]).map((row) =>
    random() < 0.3 ? { ...fresh(row), current_price: Number(row.current_price ?? 1) * (0.9 + random() / 5) } : row,
  )
}

/** All rows as they are now: an export without a filter may be some seconds old. */
async function exported() {
  const { version, rows } = await client.exportRows({ coins: [...MARKET, ...OTHER].map(({ id }) => String(id)) })
  const all = new Map<string, MarketRow>()
  for await (const row of rows) all.set(row.coinId, row)
  return { version, rows: all }
}

/** Waits for a moment at which both are at one version, and compares them then. */
async function agrees(market: ReturnType<typeof client.liveMarket>): Promise<unknown[]> {
  let found: unknown[] = []
  await until(
    async () => {
      const { version, rows } = await exported()
      if (version !== market.version) return false
      found = [new Map(market.rows), rows]
      return true
    },
    { timeoutMs: 60_000 },
  )
  return found
}

t.test('every question gets the answer of the running system', async (t) => {
  await using dir = await tempDir()
  await using replay = await startMarketReplay({ rows: MARKET.map(fresh) })
  await using product = await running(replay, dir.path)
  await listening(product)
  await scored(MARKET.length)
  const { data, pagination, meta } = await client.signals.list({ limit: 3, sort: 'score' })
  t.match([data.length, pagination.total_items, meta.source], [3, MARKET.length, 'live'])
  const { coinId, symbol, name } = data[0] as (typeof data)[number]

  t.equal((await client.signals.ofCoin(coinId)).data.timeframes.LONG_TERM.coinId, coinId)
  t.equal((await client.signals.history(coinId, { interval: '1d' })).interval, '1d')
  t.equal((await client.signals.search(coinId, { sort: 'match' })).data[0]?.coinId, coinId)
  t.equal((await client.signals.strong()).success, true)
  t.equal((await client.coins.list({ symbol })).data[0]?.symbol, symbol)
  t.match((await client.coins.get(coinId)).data, { coinId, name, signal: { coinId } })
  t.equal((await client.coins.bars(coinId, { interval: '5m', limit: 2 })).interval, '5m')
  t.equal((await client.coverage()).data.listed, MARKET.length)
  t.match(
    (await client.sources()).data.map(({ name }) => name),
    ['coingecko'],
  )
  t.equal((await client.market()).success, true)
  t.match((await client.health()).metrics, { coins: MARKET.length })
  t.match(await client.signals.delta({ since: meta.version, coins: [coinId] }), { success: true })

  const request = { coinId, alertType: 'score_above', settings: { threshold: 99 } } as const
  const { alertId } = (await client.alerts.create(request)).data
  t.match((await client.alerts.get(alertId)).data, request)
  t.equal((await client.alerts.list({ coinId })).data.length, 1)
  t.match((await client.alerts.remove(alertId)).data, { alertId, deleted: true })
  t.strictSame((await client.alerts.triggered()).data, [])

  const failure = async (work: Promise<unknown>) => work.catch((error) => error)
  t.match(await failure(client.coins.get('no/such coin?')), { status: 404, code: 'QUERY_COIN_NOT_FOUND' })
  t.match(await failure(client.signals.list({ limit: 5_000 })), { status: 400, details: [{ path: /limit/ }] })
  t.match(await failure(client.signals.delta({ since: '1-1' })), { status: 410, code: 'QUERY_VERSION_GONE' })
  t.match(await failure(client.alerts.get('x')), { status: 400 })
  t.ok((await failure(client.exportRows({ actions: 'perhaps' }))) instanceof ApiError)
  t.match(await failure(client.liveMarket({ min_change: -1 }).ready), { status: 400 })
})

t.test('a live market is what the server is, through changes, kill -9, a restart and another server', async (t) => {
  await using dir = await tempDir()
  await using replay = await startMarketReplay({ rows: MARKET.map(fresh) })
  const seen = new Map<string, number>()
  const counting: LiveMarketOptions = { onState: (state) => void seen.set(state, (seen.get(state) ?? 0) + 1) }
  let resets = 0
  {
    await using product = await running(replay, dir.path)
    await listening(product)
    await scored(MARKET.length)
  }
  const market = client.liveMarket({}, counting)
  t.teardown(() => market.close())
  market.subscribe(({ reset }) => (resets += Number(reset)))
  await until(() => (seen.get('waiting') ?? 0) > 0)
  {
    await using product = await running(replay, dir.path)
    await listening(product)
    await market.ready
    for (let round = 0; round < 5; round++) {
      move(replay)
      const [held, wanted] = await agrees(market)
      t.strictSame(held, wanted)
    }
    product.kill('SIGKILL')
    await product.exited
  }
  const before = market.version
  move(replay)
  {
    await using product = await running(replay, dir.path)
    await listening(product)
    await until(() => market.version !== before, { timeoutMs: 60_000 })
    const [held, wanted] = await agrees(market)
    t.strictSame(held, wanted)
    product.kill('SIGTERM')
    await product.exited
  }
  await using otherDir = await tempDir()
  await using other = await startMarketReplay({ rows: OTHER.map(fresh) })
  await using product = await running(other, otherDir.path)
  await listening(product)
  await until(() => market.rows.size === OTHER.length, { timeoutMs: 60_000 })
  const [held, wanted] = await agrees(market)
  t.strictSame(held, wanted)
  t.ok(resets >= 2, `${resets} resets`)
  t.ok((seen.get('open') ?? 0) >= 3, JSON.stringify([...seen]))
})

t.test('a firing is told once to whoever watches, also if the stream breaks off', async (t) => {
  await using dir = await tempDir()
  const rows = MARKET.map(fresh)
  const coin = rows.find(({ current_price }) => Number(current_price) > 1) as Row
  const price = Number(coin.current_price)
  await using replay = await startMarketReplay({ rows })
  const priced = (factor: number) => {
    replay.rows = rows.map((row) => (row === coin ? { ...fresh(row), current_price: price * factor } : row))
  }
  await using product = await running(replay, dir.path)
  await listening(product)
  await scored(MARKET.length)
  const told: string[] = []
  // Every connection is cut off once it has brought a firing.
  const cutting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (!(input as Request).url.includes('/api/stream')) return response
    return new Response(response.body?.pipeThrough(cutAfter('event: alert')) ?? null, response)
  }
  const watching = createClient({ baseUrl: client.baseUrl, fetch: cutting })
  const market = watching.liveMarket({}, { onAlert: ({ triggerId }) => void told.push(triggerId) })
  t.teardown(() => market.close())
  await market.ready
  const settings = { threshold: price * 1.5 }
  const { data } = await client.alerts.create({ coinId: String(coin.id), alertType: 'price_above', settings })
  for (const count of [1, 2]) {
    priced(2)
    await until(() => told.length === count)
    priced(1)
    await until(async () => !(await client.alerts.get(data.alertId)).data.isTriggered)
  }
  const fired = (await client.alerts.triggered({ alertId: data.alertId })).data.map(({ triggerId }) => triggerId)
  t.strictSame(told.toReversed(), fired)
})

/** Passes bytes on up to and with the piece that holds the text, then breaks off. */
const cutAfter = (text: string) =>
  new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      controller.enqueue(piece)
      if (Buffer.from(piece).includes(text)) setImmediate(() => controller.error(new Error('cut')))
    },
  })
