import { captureLog, FakeClock, type Fault, recordings, startMarketReplay } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import type { Demand } from '../demand.ts'
import type { Observation } from '../observation.ts'
import type { Answer, MarketSource, PollFeed, SourceCall, SourceSettings } from '../source.ts'
import { type FailureKind, SourceError } from '../source-error.ts'
import { coingecko } from './coingecko.ts'

const NOW = Date.parse('2026-07-16T00:00:00.000Z')
const OBSERVED = '2026-07-15T23:59:00.000Z'
const row = (fields: object = {}) => ({
  id: 'bitcoin',
  symbol: 'btc',
  name: 'Bitcoin',
  last_updated: OBSERVED,
  ...fields,
})

const recorded = recordings()
const skip = recorded === null && 'no recordings beside this working copy'
const never = new AbortController().signal

t.test('every recorded error body is understood for what it asks of the caller', { skip }, async (t) => {
  if (recorded === null) return
  await using replay = await startMarketReplay({ rows: [] })
  const [page] = roundOf(opened(t, `${replay.url}/api/v3`), 'top', MANY)
  const kinds: Record<number, FailureKind> = {
    401: 'refused',
    403: 'refused',
    404: 'rejected',
    429: 'throttled',
    500: 'failed',
    502: 'failed',
  }
  const cases = recorded.read('coingecko/error_bodies.json') as {
    case: string
    http_status: number
    headers: Record<string, string>
    body: unknown
  }[]
  t.equal(cases.length, 17)
  for (const { case: title, http_status: status, headers, body } of cases) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    replay.next((response) => response.writeHead(status, headers).end(text))
    const found = (await page?.ask(never).catch((reason: unknown) => reason)) as Answer<Observation> | SourceError
    if (!(found instanceof SourceError)) t.equal(title, 'page beyond the end of /coins/markets')
    else if (title.startsWith('demo key on pro')) t.equal(found.kind, 'refused', title)
    else t.equal(found.kind, kinds[status] ?? 'throttled', title)
  }
})

t.test('a call asks for all we use, sends the key in its header alone, and shows it nowhere', async (t) => {
  await using replay = await startMarketReplay({ rows: [row()] })
  const source = opened(t, `${replay.url}/api/v3/`, { apiKey: 'CG-secret' })
  const [chunk] = roundOf(source, 'sweep', ['bitcoin', '1move token'])
  await chunk?.ask(never)
  const [request] = replay.requests
  t.equal(request?.headers['x-cg-demo-api-key'], 'CG-secret')
  t.match(request?.url, /^\/api\/v3\/coins\/markets\?.*ids=1move%20token,bitcoin/)
  t.match(Object.fromEntries(request?.query ?? []), {
    vs_currency: 'usd',
    per_page: '250',
    page: '1',
    sparkline: 'true',
    include_rehypothecated: 'true',
    precision: 'full',
    price_change_percentage: '1h,24h,7d,14d,30d,200d,1y',
  })
  const echo: Fault = (response) => response.writeHead(401).end('{"error":"wrong key CG-secret"}')
  replay.next(echo)
  const error = (await source.listCoins?.(never).catch((reason: unknown) => reason)) as SourceError
  t.equal(error.kind, 'refused')
  t.notMatch(JSON.stringify([error, error.message]), 'CG-secret')
})

t.test('a sweep asks for every coin once in chunks that fit a URL, the same for the same coins', async (t) => {
  const source = opened(t, 'http://127.0.0.1:1')
  const ids = Array.from({ length: 1_000 }, (_, index) => `coin-${index}-${'x'.repeat(index % 40)}`)
  const calls = roundOf(source, 'sweep', ids)
  t.same(calls.flatMap(idsOf), [...ids].sort())
  t.same(roundOf(source, 'sweep', ids.toReversed()).map(idsOf), calls.map(idsOf))
  t.ok(calls.every((call) => idsOf(call).join().length <= 3_500 && idsOf(call).length <= 250))
  t.same(
    calls.map(({ label }) => label),
    calls.map((_, index) => String(index)),
  )
  const halves = calls[0]?.split?.() ?? []
  t.same(halves.flatMap(idsOf), calls[0] && idsOf(calls[0]))
  t.not(halves[0]?.label, halves[1]?.label)
  t.notOk(
    roundOf(source, 'sweep', ['bitcoin']).some((call) => 'split' in call),
    'one coin cannot be cut',
  )
})

t.test(
  'coins that an answer full of repeats crowded out are asked for again, coins that are gone are not',
  async (t) => {
    const ids = Array.from({ length: 250 }, (_, index) => `coin-${String(index).padStart(3, '0')}`)
    const rows = ids.map((id) => row({ id }))
    const crowded = (kept: number) => [...rows.slice(0, kept), ...Array(250 - kept).fill(rows[0])]
    await using replay = await startMarketReplay({ rows: crowded(200) })
    const [chunk] = roundOf(opened(t, replay.url), 'sweep', ids)
    const rest = async () => {
      const answer = await chunk?.ask(never)
      return answer && chunk?.rest?.(answer)
    }
    const more = await rest()
    t.same(more && idsOf(more), ids.slice(200))
    t.not(more?.label, chunk?.label)
    replay.rows = crowded(100)
    t.equal(await rest(), null, 'unless half of them came')
    replay.rows = rows.slice(0, 200)
    t.equal(await rest(), null, 'an answer with room left nobody out')
  },
)

t.test('the largest coins are two pages, and a market that is no larger has no look at them', async (t) => {
  await using replay = await startMarketReplay({ rows: [row()] })
  const source = opened(t, replay.url)
  const pages = roundOf(source, 'top', MANY)
  t.match(pages, [
    { credits: 1, target: { page: 1, size: 250 } },
    { credits: 1, target: { page: 2, size: 250 } },
  ])
  for (const page of pages) await page.ask(never)
  t.same(
    replay.requests.map(({ query }) => [query.get('page'), query.get('order')]),
    [
      ['1', 'market_cap_desc'],
      ['2', 'market_cap_desc'],
    ],
  )
  t.same(roundOf(source, 'top', MANY.slice(0, 500)), [])
})

t.test(
  'coins that nobody keeps fresh are asked for in one call, and let alone where that brought nothing',
  async (t) => {
    const old = { id: 'coin-1', last_updated: '2020-01-01T00:00:00.000Z' }
    await using replay = await startMarketReplay({ rows: [row({ id: 'coin-0' }), row(old)] })
    const clock = new FakeClock(NOW)
    const source = opened(t, replay.url, {}, clock)
    const round = () => roundOf(source, 'stalest', MANY).flatMap(idsOf)
    const first = round()
    t.ok(first.length > 200 && first.length <= 250)
    t.same(first, MANY.slice(0, first.length).sort())
    for (const call of roundOf(source, 'stalest', MANY)) await call.ask(never)
    t.notOk(
      round().some((id) => first.includes(id)),
      'all of them rest',
    )
    await clock.advance(16 * 60_000)
    t.equal(round()[0], 'coin-0', 'who answered is asked again when that is old')
    t.notOk(round().includes('coin-1'), 'who had nothing new is not')
    await clock.advance(6 * 3_600_000)
    t.ok(round().includes('coin-1'))
    t.same(roundOf(source, 'stalest', []), [])
  },
)

t.test('a base URL without /api/v3 finds its way there, once, and only if nothing was found without it', async (t) => {
  const gone: Fault = (response) => response.writeHead(404).end('{"error":"not here"}')
  await using replay = await startMarketReplay({ rows: [row()] })
  const source = opened(t, replay.url)
  replay.next(gone)
  await t.rejects(async () => source.listCoins?.(never), { kind: 'failed', message: /trying/ })
  t.match(await source.listCoins?.(never), { rows: [{ id: 'bitcoin' }] })
  replay.next(gone)
  await t.rejects(async () => source.listCoins?.(never), { kind: 'rejected', message: 'HTTP 404: not here' })
  t.same(
    replay.requests.map(({ url }) => url.startsWith('/api/v3/')),
    [false, true, true],
  )
  const other = opened(t, replay.url)
  await other.ping(never)
  replay.next(gone)
  await t.rejects(async () => other.listCoins?.(never), { kind: 'rejected', message: /404/ })
})

t.test('the list tells contracts, those of EVM platforms in lower case, none that is empty', async (t) => {
  const usdt = '0xdAC17F958D2ee523a2206206994597C13D831ec7'
  const platforms = { '': '', ethereum: usdt, solana: '6p6xgHyF', sui: '0xAb::coin::COIN', tron: '', base: null }
  const list = [
    { id: 'tether', symbol: 'usdt', name: 'Tether', platforms },
    { id: 'bitcoin', platforms: [] },
  ]
  await using replay = await startMarketReplay({ rows: [], list })
  const { rows = [] } = (await opened(t, replay.url).listCoins?.(never)) ?? {}
  t.match(replay.requests[0]?.url, '/coins/list?include_platform=true')
  const contracts = { ethereum: usdt.toLowerCase(), solana: '6p6xgHyF', sui: '0xAb::coin::COIN' }
  t.same(
    rows.map((coin) => coin.platforms),
    [contracts, {}],
  )
})

t.test("an exchange's pairs come with the coins they are of, by the id of the exchange", async (t) => {
  const pair = { base: 'BTC', target: 'USDT', coin_id: 'bitcoin', target_coin_id: 'tether' }
  const tickers = [pair, pair, { base: 'X', target: 'EUR', coin_id: 'x' }, { base: 'Y', target: 'EUR' }]
  await using replay = await startMarketReplay({ rows: [] })
  const source = opened(t, `${replay.url}/api/v3`)
  replay.next((response) => response.end(JSON.stringify({ name: 'OKX', tickers })))
  const answer = await source.exchangePairs?.('okex', 2, never)
  t.equal(replay.requests[0]?.url, '/api/v3/exchanges/okex/tickers?page=2&order=base_target')
  t.same(answer, {
    receivedAt: NOW,
    rows: [
      { base: 'BTC', target: 'USDT', coinId: 'bitcoin', targetCoinId: 'tether' },
      { base: 'X', target: 'EUR', coinId: 'x', targetCoinId: null },
    ],
    faults: [{ reason: 'coin_id: missing', id: 'Y' }],
    repeated: 1,
  })
})

t.test('without a key the public host is asked seldom, with one as its plan says', async (t) => {
  const { defaults } = coingecko
  t.match(defaults.limits({ url: defaults.url, apiKey: null }), { perMinute: 3, perMonth: null })
  t.match(defaults.limits({ url: defaults.url, apiKey: 'k' }), { perMinute: 30, perMonth: 10_000 })
  t.match(defaults.limits({ url: 'http://127.0.0.1:1', apiKey: null }), { perMinute: 30, perMonth: null })
})

const MANY = Array.from({ length: 501 }, (_, index) => `coin-${index}`)

function opened(
  t: Test,
  url: string,
  settings: Partial<SourceSettings> = {},
  clock = new FakeClock(NOW),
): MarketSource {
  const tools = { clock, log: captureLog().log, random: () => 0 }
  const plain = { url, streamUrl: null, apiKey: null, perMinute: 60, perMonth: null, simulated: false }
  const source = coingecko.open({ ...plain, ...settings }, tools)
  t.teardown(() => source.close())
  return source
}

function roundOf(source: MarketSource, name: string, ids: readonly string[]): readonly SourceCall[] {
  const feed = source.feeds.find((each): each is PollFeed => each.kind === 'poll' && each.name === name)
  const none = () => []
  const stalest: Demand['stalest'] = (limit, _olderThanMs, among = ids) => among.slice(0, limit)
  return feed?.round({ ids: () => ids, stalest, urgent: none, contractsOf: none, tokens: none }) ?? []
}

const idsOf = ({ target }: SourceCall) => ('coinIds' in target ? target.coinIds : [])
