import { Quote } from '@crypto-signals/contracts'
import { recordings } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { checkMalformed, isGoodObservation } from '../../test/malformed.ts'
import { readCoins, readMarkets, readPairs } from './coingecko-answer.ts'
import { fieldOf, listIn } from './reading.ts'

const NOW = Date.parse('2026-07-16T00:00:00.000Z')
const OBSERVED = '2026-07-15T23:59:00.000Z'
const row = (fields: object = {}) => ({
  id: 'bitcoin',
  symbol: 'btc',
  name: 'Bitcoin',
  last_updated: OBSERVED,
  ...fields,
})
const readOf = (...rows: unknown[]) => readMarkets(rows, NOW)
const only = (fields: object) => readOf(row(fields)).rows[0]
const reasonFor = (fields: object) => readOf(row(fields)).faults[0]?.reason
const isGood = isGoodObservation(NOW)

const recorded = recordings()
const skip = recorded === null && 'no recordings beside this working copy'

t.test(
  'each recorded row becomes a good observation with the values of the row, or a counted reason',
  { skip },
  async (t) => {
    if (recorded === null) return
    const rows = recorded.coinGeckoRows() as Record<string, unknown>[]
    t.ok(rows.length > 230)
    for (const source of rows) {
      const {
        rows: [read],
        faults,
      } = readOf(source)
      if (read === undefined) {
        t.equal(faults.length, 1, String(source.id))
        continue
      }
      t.ok(isGood(read), read.key)
      t.match(read, { key: source.id, symbol: source.symbol, price: source.current_price ?? null })
      t.equal(read.marketCapUsd, source.market_cap || null)
      t.equal(read.volume24h, source.total_volume ?? null)
    }
    const { faults } = readMarkets(rows, NOW)
    const shapes = new Set(faults.map(({ reason }) => reason))
    t.strictSame([...shapes], ['sparkline_in_7d.price.*: an object'], 'only the foreign sparklines are refused')
    const coins = recorded.coinList()
    t.match(readCoins(coins, NOW), { rows: { length: 17_142 }, faults: [], repeated: 0 })
  },
)

t.test("CoinGecko's own examples of its list and of an exchange's tickers are read whole", { skip }, async (t) => {
  const examples = recorded?.read('coingecko/official_examples_2026-05.json') as Record<string, unknown>
  const coins = readCoins(listIn(examples['/coins/list'], ''), NOW)
  t.same([coins.faults, coins.rows[0]?.platforms], [[], { solana: '6p6xgHyF7AeE6TZkSmFsko444wqoP15icUSqi2jfGiPN' }])
  const { rows, faults } = readPairs(listIn(fieldOf(examples['/exchanges/{id}/tickers'], 'tickers'), ''), NOW)
  t.same(faults, [])
  t.match(rows, [
    { base: 'BTC', target: 'USDT', coinId: 'bitcoin', targetCoinId: 'tether' },
    { base: 'BTC', target: 'USDC', coinId: 'bitcoin', targetCoinId: 'usd-coin' },
  ])
})

t.test('a row is kept with what it has, and said to be bad with a reason of few words', async (t) => {
  t.match(only({}), {
    price: null,
    marketCapRank: null,
    sparkline: null,
    image: null,
    name: 'Bitcoin',
    currency: 'USD',
  })
  t.equal(only({ name: '' })?.name, null)
  t.equal(only({ symbol: '' })?.symbol, null)
  t.match(only({ symbol: '\ud800', name: 'a\u0000' }), { symbol: null, name: null }, 'what cannot be stored')
  t.match(only({ symbol: 'b\u200btc', name: '\u202enioctiB' }), { symbol: 'btc', name: 'nioctiB' }, 'as it is seen')
  t.equal(only({ current_price: null })?.price, null)
  t.equal(only({ current_price: 6.044e-5 })?.price, 6.044e-5)
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
  t.equal(only({ price_change_percentage_24h: 3 })?.changePct?.['24h'], 3)
  t.equal(only({ price_change_percentage_24h: 3, price_change_percentage_24h_in_currency: 4 })?.changePct?.['24h'], 4)
  t.equal(only({ price_change_percentage_1y_in_currency: 1e20 })?.changePct, null)
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
    [{ id: '\ud800' }, 'id: malformed'],
    [{ id: '..' }, 'id: malformed'],
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
    t.equal(readOf(value).faults[0]?.reason, reason)
})

t.test('an observation has its own time, or the time it was received when its own cannot be true', async (t) => {
  t.equal(only({})?.observedAtMs, Date.parse(OBSERVED))
  t.equal(only({ last_updated: '2026-07-15T23:59:00Z' })?.observedAtMs, Date.parse(OBSERVED))
  t.equal(only({ last_updated: '2026-07-16T01:59:00.000+02:00' })?.observedAtMs, Date.parse(OBSERVED))
  for (const last_updated of [
    null,
    'soon',
    5,
    '2026-07-16T01:00:00Z',
    '2026-07-15T23:59:00',
    '-000001-01-01T00:00:00Z',
  ])
    t.equal(only({ last_updated })?.observedAtMs, NOW, String(last_updated))
})

t.test(
  'of a coin that is repeated the newest observation stays, the first among equals, and each repeat is counted',
  async (t) => {
    const older = row({ current_price: 1, last_updated: '2026-07-15T00:00:00Z' })
    const answer = readOf(older, row({ current_price: 2 }), row({ current_price: 3 }), older, row({ id: 'dogecoin' }))
    t.equal(answer.repeated, 3)
    t.strictSame(
      answer.rows.map(({ key, price }) => [key, price]),
      [
        ['bitcoin', 2],
        ['dogecoin', null],
      ],
    )
  },
)

t.test('a listed coin that cannot be asked for is left out with its reason', async (t) => {
  const answer = readCoins(
    [row(), row(), { id: 'a,b', symbol: '', name: '' }, { id: 'x', name: null }, { id: '.' }, null],
    NOW,
  )
  t.strictSame(
    answer.rows.map(({ id, name }) => [id, name]),
    [
      ['bitcoin', 'Bitcoin'],
      ['x', 'x'],
    ],
  )
  t.strictSame(
    answer.faults.map(({ reason }) => reason),
    ['id: holds a comma', 'id: malformed', 'row: missing'],
  )
  t.equal(answer.repeated, 1)
})

t.test(
  '10,000 malformed answers of each kind: no crash, nothing bad, and good rows beside bad ones stay',
  async (t) => {
    const whole = { ...row(), current_price: 1, market_cap: 2, market_cap_rank: 1, price_change_percentage_24h: -1 }
    const markets = [whole, { ...whole, id: 'other', sparkline_in_7d: { price: [1, null, 2] } }, row({ id: 'third' })]
    const observations = checkMalformed({
      body: markets,
      rowsAt: [],
      read: (body) => readMarkets(listIn(body, ''), NOW).rows,
      isGood,
    })
    t.ok(observations > 12_000, `${observations} observations`)
    const platforms = { ethereum: '0xdAC17F958D2ee523a2206206994597C13D831ec7', solana: '6p6xgHyF' }
    const coins = checkMalformed({
      body: [
        { id: 'a', symbol: 'a', name: 'A', platforms },
        { id: 'b', symbol: 'b', name: 'B', platforms: {} },
      ],
      rowsAt: [],
      read: (body) => readCoins(listIn(body, ''), NOW).rows,
      isGood: ({ id, name, symbol, platforms }) =>
        Value.Check(Quote.properties.coinId, id) &&
        Value.Check(Quote.properties.name, name) &&
        Value.Check(Quote.properties.symbol, symbol) &&
        [id, name, symbol].every((text) => text.isWellFormed()) &&
        Object.entries(platforms).every(
          ([key, value]) => /^[\w-]+$/.test(key) && typeof value === 'string' && value !== '',
        ),
    })
    t.ok(coins > 8_000, `${coins} coins`)
    const pair = { base: 'BTC', target: 'USDT', coin_id: 'bitcoin', target_coin_id: 'tether' }
    const pairs = checkMalformed({
      body: { tickers: [pair, { ...pair, target: 'EUR', target_coin_id: null }] },
      rowsAt: ['tickers'],
      read: (body) => readPairs(listIn(fieldOf(body, 'tickers'), ''), NOW).rows,
      isGood: (read) =>
        [read.base, read.target, read.coinId, read.targetCoinId ?? 'x'].every((text) => text.length > 0),
    })
    t.ok(pairs > 8_000, `${pairs} pairs`)
  },
)
