import { CHANGE_SPANS, type Changes, NO_ORIGINS, type Quote } from '@crypto-signals/contracts'
import * as fc from 'fast-check'

export const changesOf = (known: Partial<Changes>): Changes => ({
  '1h': null,
  '24h': null,
  '7d': null,
  '14d': null,
  '30d': null,
  '200d': null,
  '1y': null,
  ...known,
})

/** A coin of which everything is known and nothing moves. */
export const quoteOf = (known: Partial<Quote> = {}): Quote => ({
  coinId: 'coin',
  symbol: 'coin',
  name: 'Coin',
  image: null,
  marketCapRank: 100,
  priceUsd: 2,
  marketCapUsd: 1e9,
  volumeUsd24h: 3e7,
  high24hUsd: null,
  low24hUsd: null,
  circulatingSupply: null,
  changePct: changesOf(Object.fromEntries(CHANGE_SPANS.map((span) => [span, 0]))),
  sparkline: Array.from({ length: 168 }, () => 2),
  source: 'coingecko',
  origins: NO_ORIGINS,
  observedAt: '2026-01-01T00:00:00.000Z',
  receivedAt: '2026-01-01T00:00:00.000Z',
  ...known,
})

const usdArbitrary = fc.oneof(
  fc.double({ min: 0, max: 1e30, noNaN: true }),
  fc.double({ min: 0.01, max: 1e5, noNaN: true }),
  fc.constantFrom(0, Number.MIN_VALUE, 1e-30, 1, 1e30),
)

/** A change from nothing to the most that a quote can say. */
export const changeArbitrary = fc.oneof(
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  fc.double({ min: -100, max: 400, noNaN: true }),
  fc.constantFrom(-1e12, -100, -0, 0, Number.MIN_VALUE, 1e12),
)

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 })

const sparklineArbitrary = fc.oneof(
  fc.array(usdArbitrary, { maxLength: 168 }),
  fc.array(fc.double({ min: 0.98, max: 1.02, noNaN: true }), { minLength: 30, maxLength: 168 }),
  fc
    .tuple(usdArbitrary, fc.integer({ min: 0, max: 168 }))
    .map(([price, length]) => Array.from({ length }, () => price)),
)

const instantArbitrary = fc
  .integer({ min: 0, max: 4e12 })
  .map((ms) => new Date(ms).toISOString())
  .chain((instant) => fc.constantFrom(instant, '9999-99-99T99:99:99.999Z'))

/** Every quote that fits the contract, any part of it missing. */
export const quoteArbitrary: fc.Arbitrary<Quote> = fc.record({
  coinId: fc.constant('coin'),
  symbol: fc.string({ maxLength: 64 }),
  name: fc.string({ minLength: 1, maxLength: 256 }),
  image: fc.constant(null),
  marketCapRank: orNull(fc.integer({ min: 1, max: 1_000_000 })),
  priceUsd: orNull(usdArbitrary),
  marketCapUsd: orNull(usdArbitrary),
  volumeUsd24h: orNull(usdArbitrary),
  high24hUsd: fc.constant(null),
  low24hUsd: fc.constant(null),
  circulatingSupply: fc.constant(null),
  changePct: fc.record({
    '1h': orNull(changeArbitrary),
    '24h': orNull(changeArbitrary),
    '7d': orNull(changeArbitrary),
    '14d': orNull(changeArbitrary),
    '30d': orNull(changeArbitrary),
    '200d': orNull(changeArbitrary),
    '1y': orNull(changeArbitrary),
  }),
  sparkline: orNull(sparklineArbitrary),
  source: fc.constant('coingecko'),
  origins: fc.constant(NO_ORIGINS),
  observedAt: instantArbitrary,
  receivedAt: instantArbitrary,
})
