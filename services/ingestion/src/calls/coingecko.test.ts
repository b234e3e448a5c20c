import { Quote } from '@crypto-signals/contracts'
import { FAULTS, FakeClock, type Fault, recordings, startMarketReplay, until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import * as fc from 'fast-check'
import t from 'tap'
import { coingeckoSettings, INGESTION_ENVIRONMENT, type SourceSettings } from '../config.ts'
import type { FailureKind, SourceError } from '../source-error.ts'
import { openCoingecko } from './coingecko.ts'
import { readCoins, readQuotes, rowsIn } from './coingecko-answer.ts'
import { retryAtOf } from './retry-after.ts'

const NOW = Date.parse('2026-07-16T00:00:00.000Z')
const OBSERVED = '2026-07-15T23:59:00.000Z'
const row = (fields: object = {}) => ({
  id: 'bitcoin',
  symbol: 'btc',
  name: 'Bitcoin',
  last_updated: OBSERVED,
  ...fields,
})
const quotesOf = (...rows: unknown[]) => readQuotes(rows, 'coingecko', NOW)
const only = (fields: object) => quotesOf(row(fields)).rows[0]
const reasonFor = (fields: object) => quotesOf(row(fields)).faults[0]?.reason

const settings = (overrides: Partial<SourceSettings> = {}): SourceSettings => ({
  ...coingeckoSettings({ COINGECKO_URL: INGESTION_ENVIRONMENT.COINGECKO_URL.default }),
  ...overrides,
})
const recorded = recordings()
const skip = recorded === null && 'no recordings beside this working copy'
const never = new AbortController().signal

t.test(
  'each recorded row becomes a valid quote with the values of the row, or a counted reason',
  { skip },
  async (t) => {
    if (recorded === null) return
    const rows = recorded.coinGeckoRows() as Record<string, unknown>[]
    t.ok(rows.length > 230)
    for (const source of rows) {
      const {
        rows: [quote],
        faults,
      } = quotesOf(source)
      if (quote === undefined) {
        t.equal(faults.length, 1, String(source.id))
        continue
      }
      t.ok(Value.Check(Quote, quote), quote.coinId)
      t.match(quote, { coinId: source.id, symbol: source.symbol, priceUsd: source.current_price ?? null })
      t.equal(quote.marketCapUsd, source.market_cap || null)
      t.equal(quote.volumeUsd24h, source.total_volume ?? null)
    }
    const { faults } = readQuotes(rows, 'coingecko', NOW)
    const shapes = new Set(faults.map(({ reason }) => reason))
    t.strictSame([...shapes], ['sparkline_in_7d.price.*: an object'], 'only the foreign sparklines are refused')
    const coins = recorded.coinList()
    t.match(readCoins(coins, NOW), { rows: { length: 17_142 }, faults: [], repeated: 0 })
  },
)

t.test('a row is kept with what it has, and said to be bad with a reason of few words', async (t) => {
  t.match(only({}), { priceUsd: null, marketCapRank: null, sparkline: null, image: null, source: 'coingecko' })
  t.equal(only({ name: '' })?.name, 'bitcoin')
  t.equal(only({ symbol: '' })?.symbol, '')
  t.equal(only({ current_price: null })?.priceUsd, null)
  t.equal(only({ current_price: 6.044e-5 })?.priceUsd, 6.044e-5)
  t.equal(only({ market_cap: 0 })?.marketCapUsd, null)
  t.equal(only({ market_cap_rank: 0 })?.marketCapRank, null)
  t.equal(only({ image: 'https://example.com/a.png' })?.image, 'https://example.com/a.png')
  for (const image of [
    'missing_large.png',
    'http://example.com/a.png',
    'javascript:alert(1)',
    `https://${'x'.repeat(600)}`,
  ])
    t.equal(only({ image })?.image, null, image.slice(0, 30))
  t.equal(only({ price_change_percentage_24h: 3 })?.changePct['24h'], 3)
  t.equal(only({ price_change_percentage_24h: 3, price_change_percentage_24h_in_currency: 4 })?.changePct['24h'], 4)
  t.equal(only({ price_change_percentage_1y_in_currency: 1e20 })?.changePct['1y'], null)
  t.strictSame(only({ sparkline_in_7d: { price: [1, null, 2] } })?.sparkline, [1, 2])
  t.equal(only({ sparkline_in_7d: { price: [null] } })?.sparkline, null)
  t.equal(only({ sparkline_in_7d: {} })?.sparkline, null)
  const long = Array.from({ length: 1000 }, (_, index) => index)
  t.strictSame(only({ sparkline_in_7d: { price: long } })?.sparkline, long.slice(600))

  const bad: [object, string][] = [
    [{ id: undefined }, 'id: missing'],
    [{ id: '' }, 'id: empty'],
    [{ id: 7 }, 'id: a number'],
    [{ id: 'a\u0000b' }, 'id: malformed'],
    [{ id: 'x'.repeat(129) }, 'id: too long'],
    [{ id: '\ud800' }, 'id: not well-formed'],
    [{ symbol: 1 }, 'symbol: a number'],
    [{ symbol: 'x'.repeat(65) }, 'symbol: too long'],
    [{ name: 'x'.repeat(257) }, 'name: too long'],
    [{ image: {} }, 'image: an object'],
    [{ current_price: '1.5' }, 'current_price: a string'],
    [{ current_price: -1 }, 'current_price: negative'],
    [{ current_price: Number('1e400') }, 'current_price: not finite'],
    [{ current_price: 1e31 }, 'current_price: out of bounds'],
    [{ market_cap: [] }, 'market_cap: an array'],
    [{ total_volume: -0.1 }, 'total_volume: negative'],
    [{ market_cap_rank: 1.5 }, 'market_cap_rank: not whole'],
    [{ market_cap_rank: '1' }, 'market_cap_rank: a string'],
    [{ sparkline_in_7d: [] }, 'sparkline_in_7d: an array'],
    [{ sparkline_in_7d: { price: [1, '2'] } }, 'sparkline_in_7d.price.*: a string'],
  ]
  for (const [fields, reason] of bad) t.equal(reasonFor(fields), reason)
  for (const [value, reason] of [
    [null, 'row: missing'],
    [3, 'row: a number'],
    [[], 'row: an array'],
  ])
    t.equal(quotesOf(value).faults[0]?.reason, reason)
})

t.test('an observation has its own time, or the time it was received when its own cannot be true', async (t) => {
  t.equal(only({})?.observedAt, OBSERVED)
  t.equal(only({ last_updated: '2026-07-15T23:59:00Z' })?.observedAt, OBSERVED)
  t.equal(only({ last_updated: '2026-07-16T01:59:00.000+02:00' })?.observedAt, OBSERVED)
  const received = '2026-07-16T00:00:00.000Z'
  for (const last_updated of [
    null,
    'soon',
    5,
    '2026-07-16T01:00:00Z',
    '2026-07-15T23:59:00',
    '-000001-01-01T00:00:00Z',
  ])
    t.equal(only({ last_updated })?.observedAt, received, String(last_updated))
})

t.test(
  'of a coin that is repeated the newest observation stays, the first among equals, and each repeat is counted',
  async (t) => {
    const older = row({ current_price: 1, last_updated: '2026-07-15T00:00:00Z' })
    const answer = quotesOf(older, row({ current_price: 2 }), row({ current_price: 3 }), older, row({ id: 'dogecoin' }))
    t.equal(answer.repeated, 3)
    t.strictSame(
      answer.rows.map(({ coinId, priceUsd }) => [coinId, priceUsd]),
      [
        ['bitcoin', 2],
        ['dogecoin', null],
      ],
    )
  },
)

t.test('a listed coin that cannot be asked for is left out with its reason', async (t) => {
  const answer = readCoins([row(), row(), { id: 'a,b', symbol: '', name: '' }, { id: 'x', name: null }, null], NOW)
  t.strictSame(
    answer.rows.map(({ id, name }) => [id, name]),
    [
      ['bitcoin', 'Bitcoin'],
      ['x', 'x'],
    ],
  )
  t.strictSame(
    answer.faults.map(({ reason }) => reason),
    ['id: holds a comma', 'row: missing'],
  )
  t.equal(answer.repeated, 1)
})

t.test('every recorded error body is understood for what it asks of the caller', { skip }, async (t) => {
  if (recorded === null) return
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
    const found = rowsIn({ status, headers: new Headers(headers), text }, NOW)
    if (Array.isArray(found)) t.equal(title, 'page beyond the end of /coins/markets')
    else if (title.startsWith('demo key on pro')) t.equal(found.kind, 'refused', title)
    else t.equal(found.kind, kinds[status] ?? 'throttled', title)
  }
})

t.test('Retry-After is read in both forms to the second, and comes before x-ratelimit-reset', async (t) => {
  const at = (headers: Record<string, string>) => (retryAtOf(new Headers(headers), NOW) ?? Number.NaN) - NOW
  t.equal(at({ 'Retry-After': '30' }), 30_000)
  t.equal(at({ 'Retry-After': '0' }), 1_000)
  t.equal(at({ 'Retry-After': 'Thu, 16 Jul 2026 00:00:09 GMT' }), 9_000)
  t.equal(at({ 'x-ratelimit-reset': '2026-07-16 00:01:00 +0000' }), 60_000)
  t.equal(at({ 'x-ratelimit-reset': '2026-07-16 02:01:00 +0200' }), 60_000)
  t.equal(at({ 'Retry-After': '30', 'x-ratelimit-reset': '2026-07-16 00:01:00 +0000' }), 30_000)
  t.equal(at({ 'Retry-After': 'soon', 'x-ratelimit-reset': '2026-07-16 00:01:00 +0000' }), 60_000)
  t.equal(at({ 'Retry-After': 'Thu, 16 Jul 2026 00:00:09 GMT', Date: 'soon' }), 9_000)
  for (const hour of ['Wed, 15 Jul 2026 23:00', 'Thu, 16 Jul 2026 01:00'])
    t.equal(at({ 'Retry-After': `${hour}:47 GMT`, Date: `${hour}:00 GMT` }), 47_000, `their clock shows ${hour}`)
  t.equal(at({ 'x-ratelimit-reset': '2026-07-16 01:01:00 +0000', Date: 'Thu, 16 Jul 2026 01:00:00 GMT' }), 60_000)
  t.equal(at({ 'Retry-After': '30', Date: 'Thu, 16 Jul 2026 01:00:00 GMT' }), 30_000)
  t.ok(Number.isNaN(at({ 'Retry-After': 'Thu, 16 Jul 2026 01:00:00 GMT', Date: 'Thu, 16 Jul 2026 01:00:00 GMT' })))
  t.ok(Number.isNaN(at({ 'Retry-After': 'Wed, 15 Jul 2026 23:59:59 GMT' })))
  t.ok(Number.isNaN(at({})))
})

t.test('10,000 hostile bodies: none is a crash, and every quote that comes of one fits the contract', async (t) => {
  const hostile = fc.oneof(
    fc.anything(),
    fc.constantFrom(-1, 0, -0, 1e308, 1e31, '', '1', null, [], {}, '\ud800', 'x'.repeat(300)),
  )
  const fields = [
    'id',
    'symbol',
    'name',
    'image',
    'current_price',
    'market_cap',
    'market_cap_rank',
    'total_volume',
    'last_updated',
    'sparkline_in_7d',
    'price_change_percentage_1h_in_currency',
    '__proto__',
  ]
  const whole = row({ current_price: 1, market_cap: 2, market_cap_rank: 1, sparkline_in_7d: { price: [1, 2] } })
  const mutated = fc
    .array(fc.tuple(fc.constantFrom(...fields), hostile), { maxLength: 3 })
    .map((changes) => ({ ...whole, ...Object.fromEntries(changes) }))
  const good = fc.nat(50).map((index) => ({ ...whole, id: `coin-${index}` }))
  const text = (value: unknown) =>
    JSON.stringify(value, (_, held) => (typeof held === 'bigint' ? String(held) : held)) ?? ''
  const body = fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.oneof(mutated, good), { maxLength: 6 }).map(text) },
    fc.json(),
    fc.string(),
    fc.array(mutated).map((rows) => text(rows).slice(0, -5)),
    fc.constantFrom('[{"id":"a","current_price":1e400}]', '[{"id":"a","__proto__":{"symbol":1}}]', '['.repeat(50_000)),
  )
  let stored = 0
  const property = fc.property(body, fc.constantFrom(200, 200, 200, 429, 500), (sent, status) => {
    const found = rowsIn({ status, headers: new Headers(), text: sent }, NOW)
    if (!Array.isArray(found)) return found.kind.length > 0
    const { rows, faults, repeated } = readQuotes(found, 'coingecko', NOW)
    stored += rows.length
    return rows.every((quote) => Value.Check(Quote, quote)) && rows.length + faults.length + repeated === found.length
  })
  fc.assert(property, { numRuns: 10_000, seed: 20_260_716 })
  t.ok(stored > 5_000, `${stored} quotes were good`)
})

t.test('a call asks for all we use, sends the key in its header alone, and shows it nowhere', async (t) => {
  const clock = new FakeClock()
  await using replay = await startMarketReplay({ rows: [row()] })
  const source = openCoingecko(settings({ url: `${replay.url}/api/v3/`, apiKey: 'CG-secret' }), clock)
  t.teardown(() => source.close())
  await source.marketsByIds(['bitcoin', '1move token'], never)
  const [request] = replay.requests
  t.equal(request?.headers['x-cg-demo-api-key'], 'CG-secret')
  t.match(request?.url, /^\/api\/v3\/coins\/markets\?.*ids=bitcoin,1move%20token/)
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
  const error = (await source.listCoins(never).catch((reason: unknown) => reason)) as SourceError
  t.equal(error.kind, 'refused')
  t.notMatch(JSON.stringify([error, error.message]), 'CG-secret')
})

t.test(
  'what a source says is cut, shown without characters that cannot be seen, and never repeats the key',
  async (t) => {
    await using replay = await startMarketReplay({ rows: [] })
    const apiKey = 'CG-a/b+c=d~1'
    const source = openCoingecko(settings({ url: replay.url, apiKey }), new FakeClock())
    t.teardown(() => source.close())
    const said = async (error: string) => {
      replay.next((response) => response.writeHead(400).end(JSON.stringify({ error })))
      return ((await source.listCoins(never).catch((reason: unknown) => reason)) as SourceError).message
    }
    t.equal(await said('no\r\n{"level":60}\u001b[2J\u202e\u0000\ud800 \u2028x'), 'HTTP 400: no {"level":60}[2J x')
    const long = await said('\u{1f600}'.repeat(10_000))
    t.ok(long.length <= 160 && long.isWellFormed(), long)
    const encoded = [apiKey, encodeURIComponent(apiKey), encodeURIComponent(apiKey).toLowerCase().replace('cg', 'CG')]
    const hidden = apiKey.replace('a', 'a\u200b')
    const everyByte = Array.from(apiKey, (each) => `%${each.charCodeAt(0).toString(16)}`).join('')
    for (const key of [...encoded, hidden, everyByte])
      t.equal(await said(`wrong key ${key}!`), 'HTTP 400: wrong key [key]!')
    t.notMatch(await said(`${'x'.repeat(140)}${apiKey}`), 'CG-', 'also where it is cut')
  },
)

t.test(
  'whatever breaks a call becomes a reason to try again, within bounds of time and size, and no redirect is followed',
  async (t) => {
    const clock = new FakeClock()
    await using replay = await startMarketReplay({
      rows: Array.from({ length: 50 }, (_, index) => row({ id: `coin-${index}` })),
    })
    const source = openCoingecko(settings({ url: replay.url }), clock)
    t.teardown(() => source.close())
    const failing = async (fault: Fault, advanceMs = 0) => {
      const seen = replay.requests.length
      replay.next(fault)
      const call = source.topByCap(1, never).catch((error: unknown) => error)
      await until(() => replay.requests.length > seen)
      await clock.advance(advanceMs)
      return (await call) as SourceError
    }
    const headersOnly: Fault = (response) => response.writeHead(200).write('[')
    const redirect: Fault = (response) => response.writeHead(302, { location: '/coins/list' }).end()
    t.match(await failing(FAULTS.stall, 10_000), { kind: 'failed', message: /no answer within 10 s/ })
    t.match(await failing(FAULTS.endless), { kind: 'failed', message: /larger than 32 MB/ })
    for (const fault of [FAULTS.reset, FAULTS.truncated, FAULTS.htmlPage, FAULTS.badGateway, FAULTS.serverError])
      t.equal((await failing(fault)).kind, 'failed')
    t.equal((await failing(redirect)).kind, 'rejected')
    t.equal((await failing(FAULTS.uriTooLong)).kind, 'too-long')
    const before = replay.requests.length
    const slow = source.topByCap(1, never).catch((error: unknown) => error)
    t.equal(((await slow) as { rows: unknown[] }).rows.length, 50, 'and the next call is well')
    t.equal(replay.requests.length, before + 1)
    const begun = failing(headersOnly, 0)
    await until(() => clock.sleeping === 1)
    await clock.advance(30_000)
    t.match(await begun, { kind: 'failed', message: /no whole answer within 30 s/ })
    t.equal(clock.sleeping, 0, 'no timer is left behind')
  },
)

t.test('a call that is aborted rejects with the reason and leaves nothing behind', async (t) => {
  const clock = new FakeClock()
  await using replay = await startMarketReplay({ rows: [] })
  const source = openCoingecko(settings({ url: replay.url }), clock)
  t.teardown(() => source.close())
  replay.next(FAULTS.stall)
  const stopping = new AbortController()
  const call = source.listCoins(stopping.signal)
  await until(() => replay.requests.length === 1)
  stopping.abort(new Error('stopped'))
  await t.rejects(call, { message: 'stopped' })
  t.equal(clock.sleeping, 0)
})
