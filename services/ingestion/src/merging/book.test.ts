import { isDeepStrictEqual } from 'node:util'
import { Quote } from '@crypto-signals/contracts'
import { captureLog, quoteOf } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import * as fc from 'fast-check'
import t from 'tap'
import { BASE, barsOf, changesWith, exchangeOf, factsOf, START, sightingOf } from '../../test/sightings.ts'
import type { Sighting } from '../identity/sighting.ts'
import type { SourceFacts } from '../source.ts'
import { createBook } from './book.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const instant = (ms: number) => new Date(ms).toISOString()

const PAPRIKA = factsOf('coinpaprika')
const BINANCE = exchangeOf('binance')
const KRAKEN = exchangeOf('kraken')

const FULL: Partial<Sighting> = {
  symbol: 'btc',
  name: 'Bitcoin',
  image: 'https://example.com/btc.png',
  priceUsd: 100,
  volumeUsd24h: 5_000,
  high24hUsd: 110,
  low24hUsd: 90,
  marketCapUsd: 2_000,
  marketCapRank: 1,
  circulatingSupply: 20,
  changePct: changesWith({ '1h': 1, '24h': 2, '7d': 3, '30d': 4 }),
  sparkline: [98, 99, 100],
}

/** A book of its own, on bars that know nothing unless told, and on what a store remembers. */
function bookOn(known: Parameters<typeof barsOf>[0] = {}, stored: Quote[] = []) {
  const [bars, { log, lines }] = [barsOf(known), captureLog()]
  const quotes = {
    async *all() {
      yield stored
    },
  }
  const book = createBook({ quotes, bars, log })
  const take = (facts: SourceFacts, said: Partial<Sighting>) => {
    const sighting = sightingOf(said)
    return book.take(facts, [sighting], sighting.observedAtMs)
  }
  return { book, bars, lines, take, quote: (receivedAt = START) => book.quoteOf('bitcoin', receivedAt) }
}

t.test('what one source says becomes a quote as it was said, with its source and time on every part', async (t) => {
  const { book, bars, take, quote } = bookOn()
  t.equal(quote(), null)
  t.equal(book.priceOf('bitcoin'), null)
  t.strictSame(take(BASE, FULL), ['bitcoin'])
  const origin = { source: 'coingecko', observedAt: instant(START) }
  t.strictSame(quote(START + 5), {
    coinId: 'bitcoin',
    symbol: 'btc',
    name: 'Bitcoin',
    image: 'https://example.com/btc.png',
    marketCapRank: 1,
    priceUsd: 100,
    marketCapUsd: 2_000,
    volumeUsd24h: 5_000,
    high24hUsd: 110,
    low24hUsd: 90,
    circulatingSupply: 20,
    changePct: changesWith({ '1h': 1, '24h': 2, '7d': 3, '30d': 4 }),
    sparkline: [98, 99, 100],
    source: 'coingecko',
    origins: { range: origin, volume: origin, supply: origin, changes: origin, sparkline: origin },
    observedAt: instant(START),
    receivedAt: instant(START + 5),
  })
  t.strictSame(book.priceOf('bitcoin'), { priceUsd: 100, observedAtMs: START, sources: 1 })
  t.strictSame(bars.ticks, [['bitcoin', 100, START, 5_000]])
  t.equal(book.size, 1)
})

t.test('a fresher price moves what depends on it, and leaves what its source did not say', async (t) => {
  const { take, quote } = bookOn()
  take(BASE, FULL)
  const at = START + HOUR_MS
  t.strictSame(take(BINANCE, { priceUsd: 120, volumeUsd24h: 1e6, observedAtMs: at }), ['bitcoin'])
  t.match(quote(), {
    priceUsd: 120,
    source: 'binance',
    observedAt: instant(at),
    marketCapUsd: 2_400,
    circulatingSupply: 20,
    volumeUsd24h: 5_000,
    high24hUsd: 120,
    low24hUsd: 90,
    marketCapRank: 1,
    sparkline: [98, 99, 100],
    changePct: { '1h': null, '24h': 22.4, '7d': 23.6, '30d': 24.8, '1y': null },
    origins: {
      range: { source: 'coingecko', observedAt: instant(START) },
      supply: { source: 'coingecko' },
      changes: { source: 'coingecko', observedAt: instant(START) },
    },
  })
  take(BINANCE, { priceUsd: 80, volumeUsd24h: 1e6, observedAtMs: at + 1 })
  t.match(quote(), { high24hUsd: 110, low24hUsd: 80 })
})

t.test(
  'changes, range and sparkline come from our own bars as soon as the price is newer than what was said',
  async (t) => {
    const asked: number[] = []
    const known = new Map([
      [HOUR_MS, 100],
      [24 * HOUR_MS, 80],
    ])
    const at = START + 20 * MINUTE_MS
    const { take, quote } = bookOn({
      priceAt(_coinId, atMs) {
        asked.push(at - atMs)
        const priceUsd = known.get(at - atMs)
        return priceUsd === undefined ? null : { priceUsd, atMs }
      },
      rangeOf: () => ({ high: 115, low: 95 }),
      sparklineOf: () => [1, 2, 120],
    })
    take(BASE, FULL)
    t.match(quote(), { changePct: { '1h': 1 }, high24hUsd: 110, sparkline: [98, 99, 100] }, 'as they were said')
    t.notOk(
      [...known.keys()].some((ago) => asked.includes(ago + 20 * MINUTE_MS)),
      'nobody was asked about those',
    )
    take(BINANCE, { priceUsd: 120, observedAtMs: at })
    const bars = { source: 'bars', observedAt: instant(at) }
    t.match(quote(), {
      changePct: { '1h': 20, '24h': 50, '7d': 23.6, '14d': null, '30d': 24.8 },
      high24hUsd: 120,
      low24hUsd: 95,
      sparkline: [1, 2, 120],
      origins: { changes: bars, range: bars, sparkline: bars },
    })
  },
)

t.test('what bars cannot tell stands for a quarter of its span, or until the next sweep', async (t) => {
  const after = (ms: number) => {
    const { take, quote } = bookOn()
    take(BASE, { ...FULL, changePct: changesWith({ '1h': 1, '24h': 2, '7d': 3, '1y': 4 }) })
    take(BINANCE, { priceUsd: 100, observedAtMs: START + ms })
    const { changePct, sparkline, origins } = quote() ?? quoteOf()
    return [
      changePct['1h'],
      changePct['24h'],
      changePct['7d'],
      changePct['1y'],
      sparkline?.length,
      origins.changes?.source,
    ]
  }
  t.strictSame(after(15 * MINUTE_MS), [1, 2, 3, 4, 3, 'coingecko'])
  t.strictSame(after(15 * MINUTE_MS + 1), [null, 2, 3, 4, 3, 'coingecko'])
  t.strictSame(after(8 * HOUR_MS + 1), [null, null, 3, 4, 3, 'coingecko'])
  t.strictSame(after(42 * HOUR_MS + 1), [null, null, null, 4, undefined, 'coingecko'])
  t.strictSame(after(92 * 24 * HOUR_MS), [null, null, null, null, undefined, undefined])
})

t.test('of each span the last who told it counts, and one who tells fewer spans takes none away', async (t) => {
  const { take, quote } = bookOn()
  take(BASE, FULL)
  take(PAPRIKA, { changePct: changesWith({ '1h': 9 }), observedAtMs: START + 1 })
  t.match(quote(), {
    changePct: { '1h': 9, '24h': 2, '7d': 3 },
    origins: { changes: { source: 'coinpaprika', observedAt: instant(START + 1) } },
  })
})

t.test(
  'an exchange tells neither supply nor cap nor rank; its volumes count only where nobody told the market’s',
  async (t) => {
    const { take, quote } = bookOn()
    take(BINANCE, { ...FULL, priceUsd: 100, volumeUsd24h: 3_000 })
    take(KRAKEN, { ...FULL, priceUsd: 100, volumeUsd24h: 2_000, observedAtMs: START + 1 })
    t.match(quote(), {
      name: 'bitcoin',
      symbol: '',
      marketCapUsd: null,
      circulatingSupply: null,
      marketCapRank: null,
      volumeUsd24h: 5_000,
      high24hUsd: 110,
      origins: { volume: { source: 'binance' }, supply: null },
    })
    take(PAPRIKA, { priceUsd: null, volumeUsd24h: 7_000, high24hUsd: 105, low24hUsd: 95 })
    t.match(quote(), { volumeUsd24h: 7_000, high24hUsd: 105, origins: { volume: { source: 'coinpaprika' } } })
    take(KRAKEN, { ...FULL, priceUsd: 100, volumeUsd24h: 9_000, observedAtMs: START + 2 })
    t.match(quote(), { volumeUsd24h: 7_000, origins: { range: { source: 'coinpaprika' } } })
  },
)

t.test('a price makes a market cap only of a supply that somebody vouched for with one', async (t) => {
  const capAfter = (said: Partial<Sighting>) => {
    const { take, quote } = bookOn()
    take(BASE, { ...FULL, ...said })
    take(BINANCE, { priceUsd: 110, observedAtMs: START + 1 })
    return quote()?.marketCapUsd
  }
  t.equal(capAfter({}), 2_200)
  t.equal(capAfter({ marketCapUsd: null }), null)
  t.equal(capAfter({ circulatingSupply: null }), 2_000)
  t.equal(capAfter({ circulatingSupply: 0 }), 2_000)
  t.equal(capAfter({ circulatingSupply: 1e40 }), null, 'more than there can be')
})

t.test('who tells one of supply and cap and not the other takes back what he told of the other', async (t) => {
  const { take, quote } = bookOn()
  take(BASE, FULL)
  take(BASE, { ...FULL, circulatingSupply: null, observedAtMs: START + 1 })
  t.match(quote(), { circulatingSupply: null, marketCapUsd: 2_000 })
  take(PAPRIKA, { circulatingSupply: 21, marketCapUsd: null, observedAtMs: START + 2 })
  t.match(quote(), { circulatingSupply: 21, marketCapUsd: 2_100 })
  take(BASE, { ...FULL, marketCapUsd: null, observedAtMs: START + 3 })
  t.match(quote(), { circulatingSupply: 20, marketCapUsd: null })
})

t.test('of two that speak of the same moment the same one counts, whoever came first', async (t) => {
  const says = [
    { facts: BASE, said: { ...FULL, volumeUsd24h: 1 } },
    { facts: PAPRIKA, said: { ...FULL, volumeUsd24h: 2 } },
  ]
  const [one, other] = [says, says.toReversed()].map((order) => {
    const { take, quote } = bookOn()
    for (const { facts, said } of order) take(facts, said)
    return quote()
  })
  t.strictSame(one, other)
  t.equal(one?.origins.volume?.source, one?.source)
})

t.test('the base source names and ranks a coin, its list before its rows; others only until then', async (t) => {
  const { book, take, quote } = bookOn()
  take(PAPRIKA, { symbol: 'XBT', name: 'Bit Coin', image: 'https://example.com/x.png', marketCapRank: 7 })
  t.match(quote(), { symbol: 'xbt', name: 'Bit Coin', image: 'https://example.com/x.png', marketCapRank: 7 })
  book.learnCoins([{ id: 'bitcoin', symbol: 'btc', name: 'Bitcoin', platforms: {} }])
  t.match(quote(), { symbol: 'btc', name: 'Bitcoin', marketCapRank: 7 })
  take(BASE, FULL)
  take(PAPRIKA, { symbol: 'XBT', name: 'Bit Coin', marketCapRank: 7, observedAtMs: START + 1 })
  book.learnCoins([{ id: 'bitcoin', symbol: 'old', name: 'Old', platforms: {} }])
  t.match(quote(), { symbol: 'btc', name: 'Bitcoin', image: 'https://example.com/btc.png', marketCapRank: 1 })
  take(BASE, { ...FULL, image: null, marketCapRank: null, observedAtMs: START + 2 })
  t.match(
    quote(),
    { image: 'https://example.com/btc.png', marketCapRank: null },
    'it would tell a rank if there was one',
  )
})

t.test(
  'a price that others speak against is held back with all that came with it, counted, and never gets into a bar',
  async (t) => {
    const { book, bars, take, quote, lines } = bookOn()
    take(BASE, FULL)
    take(BINANCE, { priceUsd: 100, observedAtMs: START + 1 })
    const before = quote()
    t.strictSame(take(PAPRIKA, { priceUsd: 900, volumeUsd24h: 1, observedAtMs: START + 2 }), [])
    t.strictSame(quote(), before)
    t.strictSame([...book.heldBack()], [['coinpaprika', 1]])
    t.strictSame(
      bars.ticks.map(([, priceUsd]) => priceUsd),
      [100, 100],
    )
    t.match(lines.at(-1), { coinId: 'bitcoin', source: 'coinpaprika', priceUsd: 900, inUse: 100 })
  },
)

t.test('with one source every step is seen, however wild', async (t) => {
  const { book, take, quote } = bookOn()
  const prices = [1, 1e9, 0, 1e-9, 5]
  for (const [step, priceUsd] of prices.entries()) {
    t.strictSame(take(BASE, { ...FULL, priceUsd, observedAtMs: START + step }), ['bitcoin'])
    t.match(quote(), { priceUsd, marketCapUsd: 2_000, high24hUsd: 110 })
  }
  t.equal(book.heldBack().size, 0)
})

t.test('late and repeated sightings change nothing, the same one received anew confirms', async (t) => {
  const { book, take, quote } = bookOn()
  take(BASE, { ...FULL, observedAtMs: START + 10 })
  t.strictSame(take(BASE, { ...FULL, priceUsd: 5, volumeUsd24h: 5, observedAtMs: START }), [])
  t.match(quote(), { priceUsd: 100, volumeUsd24h: 5_000 })
  t.strictSame(book.take(BASE, [sightingOf({ ...FULL, observedAtMs: START + 10 })], START + 5), [], 'received before')
  t.strictSame(book.take(BASE, [sightingOf({ ...FULL, observedAtMs: START + 10 })], START + 99), ['bitcoin'])
  t.strictSame(take(PAPRIKA, { priceUsd: 99, observedAtMs: START }), [], 'older than the price in use')
})

t.test('a coin without a price is known without one, until it has one, which silence does not take away', async (t) => {
  const { book, take, quote } = bookOn()
  t.strictSame(take(BASE, { ...FULL, priceUsd: null }), ['bitcoin'])
  t.match(quote(), { priceUsd: null, source: 'coingecko', observedAt: instant(START), changePct: { '1h': 1 } })
  t.equal(book.size, 0)
  take(PAPRIKA, { priceUsd: null, observedAtMs: START - 1 })
  t.match(quote(), { source: 'coingecko', observedAt: instant(START) })
  take(BASE, { ...FULL, observedAtMs: START + 1 })
  take(BASE, { ...FULL, priceUsd: null, volumeUsd24h: 6_000, observedAtMs: START + 2 })
  t.match(quote(), { priceUsd: 100, volumeUsd24h: 6_000, observedAt: instant(START + 1) })
})

const SOURCES = [BASE, PAPRIKA, factsOf('defillama', { derivedFrom: 'coingecko' }), BINANCE, KRAKEN, exchangeOf('okx')]

const orNull = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null })
const usd = fc.double({ min: 0, max: 1e30, noNaN: true })
const percent = fc.double({ min: -100, max: 1e12, noNaN: true })
const sighting = fc.record({
  facts: fc.constantFrom(...SOURCES),
  said: fc.record({
    priceUsd: orNull(fc.oneof(usd, fc.constantFrom(0, 100, 100.5, 101, 150))),
    volumeUsd24h: orNull(usd),
    high24hUsd: orNull(usd),
    low24hUsd: orNull(usd),
    marketCapUsd: orNull(usd),
    marketCapRank: orNull(fc.integer({ min: 1, max: 1_000_000 })),
    circulatingSupply: orNull(fc.double({ min: 0, max: 1e40, noNaN: true })),
    changePct: orNull(fc.record({ '1h': percent, '24h': orNull(percent), '1y': percent }).map(changesWith)),
    sparkline: orNull(fc.array(usd, { maxLength: 5 })),
    observedAtMs: fc.integer({ min: 0, max: 100 * MINUTE_MS }).map((ms) => START + ms),
  }),
})
const history = fc.array(sighting, { minLength: 1, maxLength: 12 })
const knownBars = {
  priceAt: (_coinId: string, atMs: number) => {
    const priceUsd = [1e-3, 0][atMs % 3]
    return priceUsd === undefined ? null : { priceUsd, atMs: atMs - (atMs % (7 * MINUTE_MS)) }
  },
  rangeOf: (_coinId: string, nowMs: number) => (nowMs % 3 === 0 ? { high: 2, low: 1 } : null),
  sparklineOf: (_coinId: string, nowMs: number) => (nowMs % 5 === 0 ? [1, 2] : null),
}

t.test(
  'whatever is said makes a valid quote, which after a restart is the same until something newer comes',
  async (t) => {
    const property = fc.asyncProperty(history, async (steps) => {
      const { book, take, quote } = bookOn(knownBars)
      for (const { facts, said } of steps) take(facts, said)
      const before = quote()
      if (before === null || !Value.Check(Quote, before)) throw new Error(`no valid quote: ${JSON.stringify(before)}`)
      const restarted = bookOn(knownBars, [before])
      await restarted.book.recall()
      if (!isDeepStrictEqual(restarted.quote(), before) || restarted.book.size !== book.size)
        throw new Error(`${JSON.stringify(restarted.quote())} instead of ${JSON.stringify(before)}`)
    })
    await fc.assert(property, { numRuns: 5_000 })
    t.pass('5,000 histories')
  },
)

t.test('a stored quote that tells no origins is taken for its source’s own', async (t) => {
  const { book, quote } = bookOn({}, [quoteOf({ coinId: 'bitcoin', sparkline: [1] })])
  await book.recall()
  const { source, observedAt } = quoteOf()
  t.match(quote(), { priceUsd: 60_000, origins: { volume: { source, observedAt }, sparkline: { source, observedAt } } })
})

t.test('names and rank that were stored hold until the base source speaks', async (t) => {
  const { book, take, quote } = bookOn({}, [quoteOf()])
  await book.recall()
  book.learnCoins([{ id: 'bitcoin', symbol: 'other', name: 'Other', platforms: {} }])
  take(PAPRIKA, { symbol: 'xbt', name: 'Bit Coin', marketCapRank: 7 })
  t.match(quote(), { symbol: 'btc', name: 'Bitcoin', marketCapRank: 1 })
  take(BASE, { ...FULL, name: 'Renamed', marketCapRank: 2 })
  t.match(quote(), { name: 'Renamed', marketCapRank: 2 })
})
