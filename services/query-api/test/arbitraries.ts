import {
  ACTION_FILTERS,
  COIN_SORTS,
  type Quote,
  type ScoredCoin,
  SEARCH_SORTS,
  SIGNAL_SORTS,
  TIMEFRAMES,
} from '@crypto-signals/contracts'
import { quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import * as fc from 'fast-check'

/** Ids, symbols and names that trip up whoever builds JSON, regular expressions or paths by hand. */
export const HOSTILE = [
  'bitcoin',
  'wrapped-bitcoin',
  'a/b',
  '__proto__',
  'constructor',
  'toString',
  '"quoted"',
  "it's",
  '<script>alert(1)</script>',
  'back\\slash',
  '.*',
  '100%',
  'under_score',
  '日本語',
  '🚀moon',
  'İstanbul',
  'straße',
  'a b',
  '$&',
  '[x',
  '{"a":1}',
  'x'.repeat(128),
]

const START = Date.parse('2026-01-01T00:00:00.000Z')

// Few values each, so that ties and exact borders are common.
export const coinIds = fc.constantFrom(...HOSTILE, ...Array.from({ length: 30 }, (_, i) => `coin-${i}`))
const score = fc.oneof(
  fc.constantFrom(0, 19.99, 20, 20.01, 40, 50, 60, 79.99, 80, 80.01, 100),
  fc.integer({ min: 0, max: 200 }).map((n) => n / 2),
)
const rank = fc.option(fc.integer({ min: 1, max: 8 }))
const instant = fc.integer({ min: -3, max: 3 }).map((minutes) => new Date(START + minutes * 60_000).toISOString())
const amount = fc.option(fc.constantFrom(0, 1e-9, 1, 5e5, 1.5e12))
const confidence = fc.constantFrom(0, 0.25, 0.5, 1)

const opinion = fc.record({ finalScore: score, confidence, isInsufficient: fc.boolean() }).map((one) =>
  one.isInsufficient
    ? {
        finalScore: one.finalScore,
        insufficientData: true,
        recommendation: { action: 'HOLD' as const, confidence: 0 },
      }
    : { finalScore: one.finalScore, recommendation: { confidence: one.confidence } },
)

// As ids too, so that what is no coin's id is often the symbol of some.
export const symbols = fc.constantFrom('BTC', 'btc', 'Pepe', 'PEPE', 'coin-1', '42', ...HOSTILE.slice(6, 20))

const scoredCoin = fc
  .record({
    coinId: coinIds,
    symbol: fc.constantFrom('', 'BTC', ...HOSTILE.slice(6, 20)),
    rank,
    observedAt: instant,
    updatedAt: instant,
    opinions: fc.tuple(opinion, opinion, opinion, opinion),
  })
  .map(({ opinions, ...shared }) =>
    scoredCoinOf({
      ...shared,
      name: `${shared.coinId} Coin`,
      on: Object.fromEntries(TIMEFRAMES.map((name, i) => [name, opinions[i] ?? {}])),
    }),
  )

const quote = fc
  .record({
    coinId: coinIds,
    symbol: fc.oneof(fc.constant(''), symbols),
    marketCapRank: rank,
    marketCapUsd: amount,
    volumeUsd24h: amount,
    change: fc.option(fc.constantFrom(-5, 0, 5)),
    observedAt: instant,
    receivedAt: instant,
  })
  .map(({ change, ...rest }) => quoteOf({ ...rest, changePct: { '24h': change }, sparkline: [1, 2, 3] }))

const keyOf = (coinId: string, observedAt: string, receivedAt: string) => `${observedAt} ${receivedAt} ${coinId}`

// Two different rows of one coin and one moment do not exist: which of them counts would be left to chance.
export const scoredCoins: fc.Arbitrary<ScoredCoin[]> = fc.uniqueArray(scoredCoin, {
  maxLength: 60,
  selector: ({ coinId, signals: [first] }) => keyOf(coinId, first?.observedAt ?? '', first?.updatedAt ?? ''),
})
export const quotes: fc.Arbitrary<Quote[]> = fc.uniqueArray(quote, {
  maxLength: 60,
  selector: ({ coinId, observedAt, receivedAt }) => keyOf(coinId, observedAt, receivedAt),
})

const page = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(340, 1_000_000_000))
const limit = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constantFrom(50, 100))
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })

// Observations lie up to three minutes back.
const maxAge = fc.constantFrom(1, 59, 60, 61, 119, 120, 121, 181, 31_536_000)

export const signalsQueries = fc
  .record({
    page,
    limit,
    sort: fc.constantFrom(...SIGNAL_SORTS),
    filter: maybe(fc.constantFrom(...ACTION_FILTERS)),
    timeframe: maybe(fc.constantFrom(...TIMEFRAMES)),
    bounds: fc.tuple(maybe(score), maybe(score)),
    max_age: maybe(maxAge),
  })
  .map(({ bounds: [a, b], ...query }) => {
    const isSwapped = a !== undefined && b !== undefined && a > b
    return { ...query, min_score: isSwapped ? b : a, max_score: isSwapped ? a : b }
  })

export const coinsQueries = fc.record({
  page,
  limit,
  sort: fc.constantFrom(...COIN_SORTS),
  symbol: maybe(symbols),
  max_age: maybe(maxAge),
})

export const searchQueries = fc.record({
  q: fc.oneof(
    fc.constantFrom(
      'coin',
      'COIN-1',
      'btc',
      '.*',
      '.',
      '%',
      '_',
      '\\',
      '"',
      "'",
      '日本',
      '🚀',
      'İ',
      'ß',
      ' ',
      '\\n',
      '$',
      'x'.repeat(100),
    ),
    fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme-ascii' }),
  ),
  limit: fc.integer({ min: 1, max: 50 }),
  sort: fc.constantFrom(...SEARCH_SORTS),
})
