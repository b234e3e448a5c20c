import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MARKET_SOURCES } from '@crypto-signals/service'
import { type MarketReplay, randomOf, startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { madeUpRows, type Row } from './market-rows.ts'
import { freePort, listening, type Product, startProduct } from './product.ts'

const live = (replay: MarketReplay, dir: string, more: Record<string, string> = {}) => ({
  DATA_DIR: dir,
  MARKET_SOURCES: 'coingecko',
  COINGECKO_URL: replay.url,
  COINGECKO_PER_MINUTE: '100000',
  RATE_LIMIT_PER_MINUTE: '100000',
  ...more,
})

/** An environment in which no market source is there. */
async function nowhere(): Promise<Record<string, string>> {
  const url = `http://127.0.0.1:${await freePort()}`
  const variables = MARKET_SOURCES.map((name) => `${name.toUpperCase().replaceAll('-', '_')}_URL`)
  return Object.fromEntries(variables.map((variable) => [variable, url]))
}

const json = (payload: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(payload),
})

t.test('an alert fires once on crossing, re-arms after leaving, fires again, and survives kill -9', async (t) => {
  await using dir = await tempDir()
  const rows = madeUpRows(40, 3)
  const coin = rows.find(({ current_price }) => Number(current_price) > 1) as Row
  const price = Number(coin.current_price)
  await using replay = await startMarketReplay({ rows })
  const settings = live(replay, dir.path, { SWEEP_INTERVAL_SECONDS: '1' })
  const priced = (factor: number) => {
    replay.rows = rows.map((row) => (row === coin ? { ...row, current_price: price * factor } : row))
  }
  const seen = (product: Product, factor: number) =>
    until(async () => (await product.ask(`/api/coins/${String(coin.id)}`)).body.data?.signal?.price === price * factor)
  const triggered = async (product: Product) => (await product.ask('/api/alerts/triggered')).body.data

  let alertId = ''
  {
    await using product = await startProduct(settings)
    await listening(product)
    await seen(product, 1)
    const made = await product.ask(
      '/api/alerts',
      json({ coinId: coin.id, alertType: 'price_above', settings: { threshold: price * 1.5 } }),
    )
    t.equal(made.status, 201)
    t.match(made.body.data, { isTriggered: false, triggerCount: 0 })
    alertId = made.body.data.alertId
    priced(2)
    await until(async () => (await triggered(product)).length === 1)
    t.match(await triggered(product), [
      {
        alertId,
        coinId: coin.id,
        alertType: 'price_above',
        isTriggered: true,
        sequence: 1,
        evidence: { price: price * 2, observedAt: coin.last_updated },
      },
    ])
    priced(3)
    await seen(product, 3)
    product.kill('SIGKILL')
    await product.exited
  }
  await using product = await startProduct(settings)
  await listening(product)
  t.match((await product.ask(`/api/alerts/${alertId}`)).body.data, { isTriggered: true, triggerCount: 1 })
  priced(1)
  await until(async () => (await product.ask(`/api/alerts/${alertId}`)).body.data.isTriggered === false)
  t.equal((await triggered(product)).length, 1)
  priced(2)
  await until(async () => (await triggered(product)).length === 2)
  t.equal((await triggered(product))[0].sequence, 2, 'the newest comes first')
})

/** Calls a minute in the test below. */
const LIMIT = 12

t.test(
  '20 kills at random moments of a sweep lose no alert, leave no half-written row and overspend nothing',
  async (t) => {
    await using dir = await tempDir()
    const rows = madeUpRows(3_000, 11)
    await using replay = await startMarketReplay({ rows })
    const settings = live(replay, dir.path, {
      SWEEP_INTERVAL_SECONDS: '1',
      TOP_INTERVAL_SECONDS: '1',
      COINGECKO_PER_MINUTE: String(LIMIT),
      PORT: String(await freePort()),
    })
    const acknowledged: string[] = []
    const random = randomOf(1)
    for (let kill = 0; kill < 20; kill++) {
      await using product = await startProduct(settings)
      await listening(product)
      const coin = rows[Math.floor(random() * 500)] as Row
      const made = await product.ask(
        '/api/alerts',
        json({ coinId: coin.id, alertType: 'change_below', settings: { threshold: 1_000 } }),
      )
      if (made.status === 201) acknowledged.push(made.body.data.alertId)
      const death = performance.now() + random() * 600
      while (performance.now() < death) await product.ask('/livez')
      product.kill('SIGKILL')
      t.equal(await product.exited, 'SIGKILL')
      check(t, join(dir.path, 'market.sqlite'))
    }
    t.ok(acknowledged.length >= 10, `${acknowledged.length} alerts were acknowledged`)
    // A sweep and the largest coins, again every second, want far more: without a budget, or with one that a restart forgets, there are.
    const calls = callsInAnyMinute(replay)
    t.ok(calls <= LIMIT && calls > LIMIT / 2, `${calls} calls in a minute of ${LIMIT}`)

    await using product = await startProduct({ ...settings, COINGECKO_PER_MINUTE: '100000' })
    await listening(product)
    for (const alertId of acknowledged) t.equal((await product.ask(`/api/alerts/${alertId}`)).status, 200)
    await until(async () => (await product.ask('/api/signals/stats')).body.data.overview.totalCoins === rows.length, {
      timeoutMs: 60_000,
    })
    // Every change below +1,000 % fires, so each alert whose coin has a 24 h change must have fired exactly once.
    const changes = new Map(rows.map((row) => [row.id, row.price_change_percentage_24h_in_currency]))
    const { body } = await product.ask('/api/alerts?limit=100')
    for (const { coinId, triggerCount } of body.data)
      t.equal(triggerCount, changes.get(coinId) === null ? 0 : 1, coinId)
  },
)

function check(t: Pick<Test, 'equal'>, file: string): void {
  const database = new DatabaseSync(file)
  t.equal((database.prepare('PRAGMA integrity_check').get() as { integrity_check: string }).integrity_check, 'ok')
  database.close()
}

function callsInAnyMinute({ requests }: MarketReplay): number {
  return Math.max(
    ...requests.map(({ at }) => requests.filter((other) => other.at > at - 60_000 && other.at <= at).length),
  )
}

t.test('without a network it serves a simulated market and says so everywhere', async (t) => {
  await using dir = await tempDir()
  const settings = { ...(await nowhere()), DATA_DIR: dir.path, RATE_LIMIT_PER_MINUTE: '100000' }
  await using product = await startProduct({ ...settings, MARKET_SOURCES: 'auto' })
  await listening(product)
  await until(async () => (await product.ask('/api/signals')).body.data.length > 0)
  for (const path of [
    '/api/signals',
    '/api/signals/strong',
    '/api/signals/stats',
    '/api/signals/search?q=a',
    '/api/coins',
    '/api/alerts',
    '/api/alerts/triggered',
    '/api/health',
  ]) {
    t.equal((await product.ask(path)).body.meta.source, 'simulated', path)
  }
  t.match((await product.ask('/api/signals')).body.data[0].source, /^simulated-/)
  t.ok(
    product.lines.some((line) => line.includes('SIMULATED')),
    'the log says so too',
  )
  t.ok(existsSync(join(dir.path, 'simulated.sqlite')))
  // The whole market is to be swept and scored first, on a machine that others use too.
  await until(async () => (await product.ask('/api/health')).status === 200, { timeoutMs: 180_000 })
  const { body } = await product.ask('/api/signals/stats')
  t.ok(body.data.overview.totalCoins >= 17_000, `${body.data.overview.totalCoins} coins`)
  // Its garbage collection comes every 10 s; what counts is what the market takes at rest.
  const rssMb = async () => (await product.ask('/api/health')).body.memory.rssBytes / 1e6
  await until(async () => (await rssMb()) <= 650, { timeoutMs: 60_000 })
})

t.test('in production it never falls back to the simulator', async (t) => {
  await using dir = await tempDir()
  await using product = await startProduct({ ...(await nowhere()), DATA_DIR: dir.path, NODE_ENV: 'production' })
  await listening(product)
  const { status, body } = await product.ask('/api/health')
  t.equal(status, 503)
  t.equal(body.meta.source, 'live')
  t.notOk(existsSync(join(dir.path, 'simulated.sqlite')))
})

t.test('SIGTERM ends it with status 0 and everything written, and the log files are there', async (t) => {
  await using dir = await tempDir()
  await using replay = await startMarketReplay({ rows: madeUpRows(600, 5) })
  const logs = join(dir.path, 'logs')
  await using product = await startProduct(live(replay, dir.path, { LOG_DIR: logs }))
  await listening(product)
  product.kill('SIGTERM')
  t.equal(await product.exited, 0)
  check(t, join(dir.path, 'market.sqlite'))
  t.match(readFileSync(join(logs, 'combined.log'), 'utf8'), /"stopping"[\s\S]*"stopped"/)
  t.ok(existsSync(join(logs, 'error.log')))
})

t.test('npm passes SIGTERM on, also from the second start on: nothing is left running', async (t) => {
  await using dir = await tempDir()
  await using replay = await startMarketReplay({ rows: madeUpRows(10, 5) })
  await using product = await startProduct(live(replay, dir.path), ['npm', 'start'])
  await listening(product)
  product.kill('SIGTERM')
  await product.exited
  await until(async () => (await product.ask('/livez')).status === 0)
  t.equal((await product.ask('/livez')).status, 0)
})

t.test('a base URL without /api/v3 works for a source that wants it', async (t) => {
  await using dir = await tempDir()
  await using replay = await startMarketReplay({ rows: madeUpRows(10, 5) })
  replay.next(
    (response) => response.writeHead(404).end('{}'),
    100,
    ({ url }) => !url.startsWith('/api/v3/'),
  )
  await using product = await startProduct(live(replay, dir.path))
  await listening(product)
  await until(async () => (await product.ask('/api/signals')).body.data.length === 10)
  t.ok(replay.requests.length < 10, 'and does not ask in vain for ever')
})

t.test('a wrong configuration ends with status 2 and names every fault', async (t) => {
  await using product = await startProduct({
    PORT: '99999',
    MARKET_SOURCES: 'nasdaq',
    NATS_URL: 'http://localhost',
    LOG_LEVEL: 'loud',
  })
  t.equal(await product.exited, 2)
  const said = product.lines.join('\n')
  for (const name of ['PORT', 'MARKET_SOURCES', 'NATS_URL', 'LOG_LEVEL']) t.match(said, new RegExp(`${name}: `))
})

t.test('a port that is taken ends it with status 1 and says so', async (t) => {
  await using dir = await tempDir()
  await using replay = await startMarketReplay({ rows: madeUpRows(10, 5) })
  const { port } = new URL(replay.url)
  await using product = await startProduct(live(replay, dir.path, { PORT: port }))
  t.equal(await product.exited, 1)
  t.match(product.lines.join('\n'), /EADDRINUSE/)
})
