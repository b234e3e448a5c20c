import {
  BAR_INTERVALS,
  BAR_MS,
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
  const world = await openWorld({ quotes: ['bitcoin', 'a/b 猫"', 'barless'].map((coinId) => quoteOf({ coinId })) })
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
    'from=1767225600000': 'query/from',
    'from=2026-01-01': 'query/from',
    'to=2026-13-01T00:00:00Z': 'query/to',
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

t.test(
  'has an ETag that changes with its bars alone, and that nothing takes for a version of the market',
  async (t) => {
    await using world = await worldWith(barsOf('bitcoin', '1h', 3), barsOf('a/b 猫"', '1h', 3))
    const url = '/api/coins/bitcoin/bars'
    const { headers } = await world.get(url)
    const etag = String(headers.etag)
    t.equal(headers['cache-control'], 'public, max-age=15')
    t.match(etag, /^W\/"[^"]+"$/)
    t.equal(receiptOf(versionIn(etag) ?? ''), 0, 'the gateway keeps what is of the newest data version')
    t.not(versionIn(etag), (await world.get('/api/coins')).json().meta.version)

    await world.publish.quotes([quoteOf({ observedAt: '2026-01-01T00:00:01.000Z', priceUsd: 1 })])
    world.service.flush()
    const known = await world.get(url, { 'if-none-match': `"other", ${etag}` })
    t.strictSame([known.statusCode, known.body, known.headers.etag], [304, '', etag])
    await world.store.bars.save([barsOf('bitcoin', '1h', 3, 2)])
    const changed = await world.get(url, { 'if-none-match': etag })
    t.equal(changed.statusCode, 200)
    t.not(changed.headers.etag, etag)
    t.equal(changed.json().data[0].close, 2)
  },
)
