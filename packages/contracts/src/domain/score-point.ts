import { type Static, Type } from '@sinclair/typebox'
import { Instant, Nullable, OneOf, Score } from './scalars.ts'

/** How far apart the scores that are remembered lie, shortest first; they lie at whole multiples of it since the epoch (UTC). */
export const SCORE_INTERVALS = ['1h', '1d'] as const
export const ScoreInterval = OneOf(SCORE_INTERVALS)
export type ScoreInterval = (typeof SCORE_INTERVALS)[number]

export const SCORE_INTERVAL_MS: Readonly<Record<ScoreInterval, number>> = { '1h': 3_600_000, '1d': 86_400_000 }

/** How many of a coin's newest points are kept. */
export const SCORES_KEPT: Readonly<Record<ScoreInterval, number>> = { '1h': 72, '1d': 90 }

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
