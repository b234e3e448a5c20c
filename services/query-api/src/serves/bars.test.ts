import {
  BAR_INTERVALS,
  BAR_MS,
  Bar,
  type BarInterval,
  BarsList,
  Failure,
  receiptOf,
  versionIn,
} from '@crypto-signals/contracts'
import type { CoinBars } from '@crypto-signals/store'
import { quoteOf } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { openWorld } from '../../test/world.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')

/** Bars one after the other since 2026, of the prices 1, 2, 3 … times `price`. */
function barsOf(coinId: string, interval: BarInterval, count: number, price = 1): CoinBars {
  const prices = Float32Array.from({ length: count }, (_, index) => price * (index + 1))
  const openedAtMs = Float64Array.from(prices, (_, index) => START + index * BAR_MS[interval])
  const [volumeUsd, filled] = [new Float32Array(count).fill(Number.NaN), new Uint8Array(count)]
  return {
    coinId,
    interval,
    series: { openedAtMs, open: prices, high: prices, low: prices, close: prices, volumeUsd, filled },
  }
}

async function worldWith(...bars: CoinBars[]) {
  const observedAt = '2025-12-01T00:00:00.000Z'
  const quotes = ['bitcoin', 'a/b 猫"', 'barless'].map((coinId) => quoteOf({ coinId, observedAt }))
  const world = await openWorld({ quotes })
  await world.store.bars.save(bars)
  await world.service.start()
  const closes = async (query: string, coinId = 'bitcoin') => {
    const answer = await world.get(`/api/coins/${encodeURIComponent(coinId)}/bars${query}`)
    return answer.json<{ data: { close: number }[] }>().data.map(({ close }) => close)
  }
  return { ...world, closes }
}

t.test('answers with the bars of a coin, of one length, oldest first, as the contract has them', async (t) => {
  const strange = 'a/b 猫"'
  await using world = await worldWith(
    ...BAR_INTERVALS.map((interval, index) => barsOf('bitcoin', interval, index + 1, 10 ** index)),
    barsOf(strange, '1h', 1, 7),
  )
  await world.clock.advance(10 * BAR_MS['1d'])
  for (const [index, interval] of BAR_INTERVALS.entries()) {
    const body = (await world.get(`/api/coins/bitcoin/bars?interval=${interval}`)).json()
    t.ok(Value.Check(BarsList, body))
    t.match(body, { coinId: 'bitcoin', interval, meta: { source: 'simulated' } })
    t.equal(body.data.length, index + 1)
    t.match(body.data[0], {
      openedAt: new Date(START).toISOString(),
      close: 10 ** index,
      volumeUsd: null,
      filled: false,
    })
  }
  t.strictSame(await world.closes(''), [10, 20], 'hours, unless told otherwise')
  t.strictSame(await world.closes('', strange), [7])
  t.equal((await world.get(`/api/coins/${encodeURIComponent(strange)}/bars`)).json().coinId, strange)
  t.strictSame(await world.closes('', 'barless'), [], 'a coin without bars has none')
})

t.test('cuts out a span, from its first moment to before its last, and of it the newest', async (t) => {
  await using world = await worldWith(barsOf('bitcoin', '1h', 5))
  const at = (hours: number) => new Date(START + hours * BAR_MS['1h']).toISOString()
  t.strictSame(await world.closes(`?from=${at(1)}&to=${at(3)}`), [2, 3])
  t.strictSame(await world.closes(`?from=${at(3.5)}`), [5])
  t.strictSame(await world.closes(`?to=${at(2)}`), [1, 2])
  t.strictSame(await world.closes(`?limit=2`), [4, 5])
  t.strictSame(await world.closes(`?to=${at(4)}&limit=1`), [4])
  t.strictSame(await world.closes('?from=2026-01-01T04:00:00%2B01:00'), [4, 5], 'in any zone')
  t.strictSame(await world.closes('?from=2026-01-01T03:00:00.0Z'), [4, 5])
  t.strictSame(await world.closes(`?from=${at(100)}`), [])
})

t.test('refuses a coin that nobody knows and a span that cannot be, saying why', async (t) => {
  await using world = await worldWith()
  const unknown = await world.get('/api/coins/nocoin/bars')
  t.match([unknown.statusCode, unknown.json().code], [404, 'QUERY_COIN_NOT_FOUND'])
  const refusals = {
    'interval=2h': 'query/interval',
    'limit=0': 'query/limit',
    'limit=501': 'query/limit',
    'to=1970-01-01T00:00:00Z': 'query/to',
    'to=0000-01-01T00:00:00Z': 'query/to',
    'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z': 'query/from',
    'from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z': 'query/from',
    'page=1': 'query/page',
  }
  for (const [query, path] of Object.entries(refusals)) {
    const answer = await world.get(`/api/coins/bitcoin/bars?${query}`)
    const body = answer.json()
    t.equal(answer.statusCode, 400, query)
    t.ok(Value.Check(Failure, body))
    t.equal(body.details?.[0]?.path, path, query)
    t.equal(answer.headers['cache-control'], 'no-store')
  }
})

t.test('takes every moment that exists, with or without parts of a second, and says what one is', async (t) => {
  await using world = await worldWith(barsOf('bitcoin', '1h', 1))
  const missing = ['2026-02-31', '2026-02-29', '2026-04-31', '2026-13-01', '2026-00-01', '2026-01-32']
  const noTime = ['T24:00:00Z', 'T23:60:00Z', 'T23:59:60Z', 'T24:00:00%2B01:00', 'T00:00:00%2B25:00']
  const noMoment = ['1767225600000', '2026-01-01', 'yesterday', '', '2026-01-01t00:00:00z', '2026-01-01T00:00Z']
  for (const name of ['from', 'to']) {
    const detailOf = async (text: string) => {
      const answer = await world.get(`/api/coins/bitcoin/bars?${name}=${text}`)
      t.equal(answer.statusCode, 400, text)
      return answer.json().details
    }
    const texts = [...missing.map((day) => `${day}T00:00:00.000Z`), ...noTime.map((time) => `2026-01-01${time}`)]
    for (const text of [...texts, ...noMoment]) {
      const [{ path, message }] = await detailOf(text)
      t.equal(path, `query/${name}`)
      t.match(message, /^must be a moment (that exists|as 2026-11-25T00:00:00\.000Z)$/, text)
    }
    const [{ path, message }] = await detailOf('1'.repeat(41))
    t.strictSame([path, message], [`query/${name}`, 'must NOT have more than 40 characters'])
  }
  for (const text of ['2024-02-29T23:59:59Z', '2025-12-31T23:59:59.9Z', '2025-12-31T23:59:59.123456789-00:30']) {
    t.equal((await world.get(`/api/coins/bitcoin/bars?from=${text}`)).statusCode, 200, text)
  }
})

t.test('goes on, in every length, up to the price that is served of the coin', async (t) => {
  await using world = await worldWith(barsOf('bitcoin', '1h', 2), barsOf('bitcoin', '5m', 19))
  await world.clock.advance(95 * 60_000)
  const get = async (query: string) => (await world.get(`/api/coins/bitcoin/bars${query}`)).json().data
  t.match(await get(''), [{ close: 12 }, { open: 2, high: 19, low: 2, close: 19 }], 'the bars of 5 minutes are ahead')
  const quote = quoteOf({ observedAt: '2026-01-01T01:34:59.000Z', priceUsd: 0.5 })
  await world.publish.quotes([quote])
  world.service.flush()
  t.equal((await world.get('/api/coins/bitcoin')).json().data.priceUsd, 0.5)
  for (const interval of BAR_INTERVALS) {
    const bars = await get(`?interval=${interval}`)
    t.ok(bars.every((bar: unknown) => Value.Check(Bar, bar)))
    t.match(bars.at(-1), { low: 0.5, close: 0.5, filled: false }, interval)
    t.equal((await get(`?interval=${interval}&limit=1`))[0].openedAt, bars.at(-1).openedAt)
  }
  t.match(await get('?interval=1d'), [{ openedAt: '2026-01-01T00:00:00.000Z', open: 1, high: 19 }])
  t.match(
    await get('?to=2026-01-01T01:00:00Z'),
    [{ open: 1, high: 12, low: 1, close: 12 }],
    'to before the bar that goes on',
  )
  t.strictSame(await get('?interval=5m&from=2026-01-01T01:34:00Z'), [], 'from after it opened')
})

t.test('has an ETag of its own coin, length and bars, which nothing takes for a version of the market', async (t) => {
  await using world = await worldWith(barsOf('bitcoin', '1h', 3), barsOf('a/b 猫"', '1h', 3))
  const url = '/api/coins/bitcoin/bars'
  const { headers } = await world.get(url)
  const etag = String(headers.etag)
  t.equal(headers['cache-control'], 'public, max-age=15')
  t.match(etag, /^W\/"[^"]+"$/)
  t.equal(receiptOf(versionIn(etag) ?? ''), 0, 'the gateway keeps what is of the newest data version')
  t.not(versionIn(etag), (await world.get('/api/coins')).json().meta.version)

  const others = ['/api/coins/barless/bars?interval=5m', '/api/coins/barless/bars?interval=1d', `${url}?interval=1d`]
  const etags = await Promise.all(others.map(async (other) => (await world.get(other)).headers.etag))
  t.equal(new Set([etag, ...etags]).size, 4, 'of others that are as empty too')
  await world.publish.quotes([quoteOf({ coinId: 'barless', observedAt: '2026-01-01T00:00:01.000Z' })])
  world.service.flush()
  const known = await world.get(url, { 'if-none-match': `"other", ${etag}` })
  t.strictSame([known.statusCode, known.body, known.headers.etag], [304, '', etag])
  await world.store.bars.save([barsOf('bitcoin', '1h', 3, 2)])
  const changed = await world.get(url, { 'if-none-match': etag })
  t.equal(changed.statusCode, 200)
  t.not(changed.headers.etag, etag)
  t.equal(changed.json().data[0].close, 2)
  await world.publish.quotes([quoteOf({ observedAt: '2026-01-01T00:00:01.000Z', priceUsd: 9 })])
  world.service.flush()
  t.not((await world.get(url)).headers.etag, changed.headers.etag, 'a price is of its bar')
})
