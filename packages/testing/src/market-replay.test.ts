import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { FakeClock } from './fake-clock.ts'
import { FAULTS, type Fault } from './market-faults.ts'
import { type MarketReplay, startMarketReplay } from './market-replay.ts'

const COINS = ['bitcoin', 'ethereum', 'tether', 'solana', 'dogecoin']
const ROWS = COINS.map((id) => ({ id, symbol: id.slice(0, 3), name: id.toUpperCase(), current_price: id.length }))
const MARKETS = '/coins/markets?vs_currency=usd'

const ask = (replay: MarketReplay, path: string, init?: RequestInit) => fetch(`${replay.url}${path}`, init)
const rowsOf = async (replay: MarketReplay, path: string) => (await ask(replay, path)).json() as Promise<unknown[]>
const idsOf = async (replay: MarketReplay, path: string) =>
  (await rowsOf(replay, path)).map((row) => (row as { id: string }).id)

t.test('answers with and without /api/v3 in the path', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  for (const base of ['', '/api/v3']) {
    t.same(await (await ask(replay, `${base}/ping`)).json(), { gecko_says: '(V3) To the Moon!' })
    t.same(await idsOf(replay, `${base}/coins/list`), COINS)
    t.same(await rowsOf(replay, `${base}${MARKETS}`), ROWS)
  }
  t.equal((await ask(replay, '/coins/bitcoin')).status, 404)
})

t.test('gives the rows of the ids asked for', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  t.same(await idsOf(replay, `${MARKETS}&ids=tether,unknown,bitcoin`), ['bitcoin', 'tether'])
  t.same(await idsOf(replay, `${MARKETS}&ids=tether%2Csolana&per_page=250`), ['tether', 'solana'])
})

t.test('pages in the order asked for, and ends with an empty page', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  const page = (number: number, order: string) => `${MARKETS}&order=${order}&per_page=2&page=${number}`
  const sweep = async (order: string) => Promise.all([1, 2, 3, 4].map((number) => idsOf(replay, page(number, order))))
  t.same(await sweep('market_cap_desc'), [['bitcoin', 'ethereum'], ['tether', 'solana'], ['dogecoin'], []])
  t.same(await sweep('id_asc'), [['bitcoin', 'dogecoin'], ['ethereum', 'solana'], ['tether'], []])
})

t.test('gives 100 rows a page unless told otherwise, and never more than 250', async (t) => {
  const rows = Array.from({ length: 300 }, (_, index) => ({ id: `coin-${index}` }))
  await using replay = await startMarketReplay({ rows })
  t.equal((await rowsOf(replay, MARKETS)).length, 100)
  t.equal((await rowsOf(replay, `${MARKETS}&per_page=1000`)).length, 250)
})

t.test('refuses what the real source refuses', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  t.equal((await ask(replay, '/coins/markets')).status, 422)
  t.equal((await ask(replay, `${MARKETS}&order=best_first`)).status, 400)
  t.equal((await ask(replay, `${MARKETS}&page=0`)).status, 400)
})

t.test('sends repeated and broken rows as they are', async (t) => {
  const rows = [...ROWS, ROWS[0], null, 'text', 7, [], { id: 5 }, { id: 'bare' }]
  await using replay = await startMarketReplay({ rows })
  t.same(await rowsOf(replay, MARKETS), rows)
  t.equal((await rowsOf(replay, `${MARKETS}&order=id_asc`)).length, rows.length)
  t.same(await idsOf(replay, '/coins/list'), [...COINS, 'bare'])
})

t.test('lets rows and list be changed while it runs', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS, list: [{ id: 'listed' }] })
  t.same(await idsOf(replay, '/coins/list'), ['listed'])
  replay.rows = [{ id: 'new' }]
  replay.list = null
  t.same(await idsOf(replay, MARKETS), ['new'])
  t.same(await idsOf(replay, '/coins/list'), ['new'])
})

t.test('keeps a log of the requests by the clock of whoever asks', async (t) => {
  const clock = new FakeClock()
  await using replay = await startMarketReplay({ rows: ROWS, clock })
  await (await ask(replay, `/api/v3${MARKETS}`, { headers: { 'x-cg-demo-api-key': 'key' } })).text()
  await clock.advance(2_000)
  await (await ask(replay, '/ping')).text()
  const [first, second] = replay.requests
  t.match(first, { url: `/api/v3${MARKETS}`, path: '/coins/markets', headers: { 'x-cg-demo-api-key': 'key' } })
  t.equal(first?.query.get('vs_currency'), 'usd')
  t.equal((second?.at ?? 0) - (first?.at ?? 0), 2_000)
})

t.test('plays faults as often as told, in their order, on the requests meant, and then goes on', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  replay.next(FAULTS.badGateway, 2, ({ path }) => path === '/coins/markets')
  replay.next(FAULTS.serverError)
  const status = async (path: string) => (await ask(replay, path)).status
  t.equal(await status(MARKETS), 502)
  t.equal(await status('/ping'), 500)
  t.equal(await status('/ping'), 200)
  t.equal(await status(MARKETS), 502)
  t.equal(await status(MARKETS), 200)
  t.equal(replay.requests.length, 5)
})

t.test('says each thing a source says when it does not give data', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  const said: [Fault, number, unknown][] = [
    [FAULTS.rateLimited(), 429, { status: { error_code: 429 } }],
    [FAULTS.disguisedRateLimit, 200, { status: { error_code: 429 } }],
    [FAULTS.wrongHost, 400, { error_code: 10010 }],
    [FAULTS.unauthorised, 401, { status: { error_code: 10002 } }],
    [FAULTS.serverError, 500, { status: { error_code: 500 } }],
    [FAULTS.emptyList, 200, []],
  ]
  for (const [fault, status, body] of said) {
    replay.next(fault)
    const answer = await ask(replay, MARKETS)
    t.equal(answer.status, status)
    t.match(await answer.json(), body)
  }
  const notJson: [Fault, number, RegExp][] = [
    [FAULTS.badGateway, 502, /^Bad Gateway$/],
    [FAULTS.uriTooLong, 414, /^<html>/],
    [FAULTS.htmlPage, 200, /^<!DOCTYPE html>/],
    [FAULTS.truncated, 200, /^\[\{"id":"bitcoin"/],
  ]
  for (const [fault, status, body] of notJson) {
    replay.next(fault)
    const answer = await ask(replay, MARKETS)
    t.equal(answer.status, status)
    const text = await answer.text()
    t.match(text, body)
    t.throws(() => JSON.parse(text))
  }
})

t.test('tells in each way until when the limit holds', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  const ways = [
    { 'retry-after': '30' },
    { 'retry-after': 'Thu, 16 Jul 2026 00:00:09 GMT' },
    { 'x-ratelimit-reset': '2026-03-09 03:28:00 +0000' },
  ]
  for (const headers of ways) {
    replay.next(FAULTS.rateLimited(headers))
    const answer = await ask(replay, MARKETS)
    t.equal(answer.status, 429)
    for (const [name, value] of Object.entries(headers)) t.equal(answer.headers.get(name), value)
  }
})

t.test('breaks the connection in the middle of a body', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  replay.next(FAULTS.reset)
  await t.rejects(ask(replay, MARKETS).then((answer) => answer.text()))
  t.equal(replay.requests.length, 1)
})

t.test('stalls until whoever asks gives up, or the replay ends', async (t) => {
  const replay = await startMarketReplay({ rows: ROWS })
  replay.next(FAULTS.stall, 2)
  const controller = new AbortController()
  const impatient = t.rejects(ask(replay, MARKETS, { signal: controller.signal }), { name: 'AbortError' })
  const patient = t.rejects(ask(replay, MARKETS))
  while (replay.requests.length < 2) await nextTurn()
  controller.abort()
  await impatient
  await replay[Symbol.asyncDispose]()
  await patient
})

t.test('sends a body without end', async (t) => {
  await using replay = await startMarketReplay({ rows: ROWS })
  replay.next(FAULTS.endless)
  const { body } = await ask(replay, MARKETS)
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += (chunk as Uint8Array).length
    if (bytes > 5_000_000) break
  }
  t.ok(bytes > 5_000_000)
})
