import { type Static, Type } from '@sinclair/typebox'
import { Instant, Nullable, OneOf, Score } from './scalars.ts'
import type { ScoredCoin, Signal } from './signal.ts'

/** How far apart the scores that are remembered lie, shortest first; they lie at whole multiples of it since the epoch (UTC). */
export const SCORE_INTERVALS = ['1h', '1d'] as const
export const ScoreInterval = OneOf(SCORE_INTERVALS)
export type ScoreInterval = (typeof SCORE_INTERVALS)[number]

export const SCORE_INTERVAL_MS: Readonly<Record<ScoreInterval, number>> = { '1h': 3_600_000, '1d': 86_400_000 }

/** How far back the points of a coin are kept, in intervals up to its newest: a week of hours, half a year of days. */
export const SCORES_KEPT: Readonly<Record<ScoreInterval, number>> = { '1h': 168, '1d': 180 }

/** The last scores of a coin within the interval that began at `at`, to half a point; null where too little was known for an opinion. */
export const ScorePoint = Type.Object(
  {
    at: Instant,
    SCALPING: Nullable(Score),
    DAY_TRADING: Nullable(Score),
    SWING_TRADING: Nullable(Score),
    LONG_TERM: Nullable(Score),
  },
  { additionalProperties: false },
)
export type ScorePoint = Static<typeof ScorePoint>

/**
 * The point that a coin's signals make: in the interval in which they were observed, or were received where their source's clock is
 * ahead of ours. Throws a `RangeError` if those are instants that do not exist.
 */
export function scorePointOf({ signals }: Pick<ScoredCoin, 'signals'>, interval: ScoreInterval): ScorePoint {
  const lengthMs = SCORE_INTERVAL_MS[interval]
  const [atMs] = signals.map(({ observedAt, updatedAt }) => Math.min(Date.parse(observedAt), Date.parse(updatedAt)))
  const [SCALPING = null, DAY_TRADING = null, SWING_TRADING = null, LONG_TERM = null] = signals.map(halfPointsOf)
  const at = new Date(Math.floor((atMs ?? Number.NaN) / lengthMs) * lengthMs).toISOString()
  return { at, SCALPING, DAY_TRADING, SWING_TRADING, LONG_TERM }
}

const halfPointsOf = ({ finalScore, insufficientData }: Signal) =>
  insufficientData ? null : Math.round(2 * finalScore) / 2
