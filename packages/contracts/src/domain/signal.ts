import { type Static, Type } from '@sinclair/typebox'
import { Changes } from './quote.ts'
import { CoinId, Instant, Nullable, OneOf, Rank, Score, SourceName, Usd } from './scalars.ts'
import { TIMEFRAMES, Timeframe } from './timeframe.ts'

/** What a score recommends, most bullish first. */
export const ACTIONS = ['STRONG_BUY', 'BUY', 'HOLD', 'SELL', 'STRONG_SELL'] as const

export const Action = OneOf(ACTIONS)
export type Action = Static<typeof Action>

/** What a score is made of. */
export const COMPONENTS = ['momentum', 'volume', 'standing', 'technical'] as const
export type ComponentName = (typeof COMPONENTS)[number]

/** One part of a score: `contribution` = `score` × `weight`, in points; the contributions sum to the final score. */
export const Contribution = Type.Object(
  {
    component: OneOf(COMPONENTS),
    score: Score,
    weight: Type.Number({ minimum: 0, maximum: 1 }),
    contribution: Score,
    why: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
)
export type Contribution = Static<typeof Contribution>

export const Recommendation = Type.Object(
  { action: Action, confidence: Type.Number({ minimum: 0, maximum: 1 }) },
  { additionalProperties: false },
)
export type Recommendation = Static<typeof Recommendation>

/** What the same horizon said before. */
export const PreviousSignal = Type.Object(
  { action: Action, finalScore: Score, at: Instant },
  { additionalProperties: false },
)
export type PreviousSignal = Static<typeof PreviousSignal>

/**
 * The score of one coin on one horizon. A pure function of the quote it was made from and of the signal before it:
 * `observedAt` is the quote's, `updatedAt` when the quote was received.
 */
export const Signal = Type.Object(
  {
    coinId: CoinId,
    symbol: Type.String({ maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 256 }),
    rank: Nullable(Rank),
    timeframe: Timeframe,
    price: Nullable(Usd),
    finalScore: Score,
    recommendation: Recommendation,
    breakdown: Type.Array(Contribution, { maxItems: 16 }),
    coverage: Type.Number({ minimum: 0, maximum: 1, description: 'Inputs present, as a share of inputs wanted' }),
    insufficientData: Type.Boolean({ description: 'Too little was known: the HOLD is no opinion' }),
    source: SourceName,
    observedAt: Instant,
    updatedAt: Instant,
    previous: Nullable(PreviousSignal),
  },
  { additionalProperties: false },
)
export type Signal = Static<typeof Signal>

/** All that one observation said of one coin: its four signals, shortest horizon first. Stored, sent and replaced as one. */
export const ScoredCoin = Type.Object(
  {
    coinId: CoinId,
    changePct: Changes,
    signals: Type.Array(Signal, { minItems: TIMEFRAMES.length, maxItems: TIMEFRAMES.length }),
  },
  { additionalProperties: false },
)
export type ScoredCoin = Static<typeof ScoredCoin>

/** The signal to show when no horizon is asked for: that of the highest confidence, the shortest horizon among equals. */
export function primaryOf(signals: readonly Signal[]): Signal {
  return signals.reduce((best, next) => (next.recommendation.confidence > best.recommendation.confidence ? next : best))
}
