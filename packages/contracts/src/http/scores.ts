import { type Static, Type } from '@sinclair/typebox'
import { CoinId, OneOf } from '../domain/scalars.ts'
import { SCORE_INTERVALS, ScoreInterval, ScorePoint } from '../domain/score-point.ts'
import { UnversionedMeta } from './envelope.ts'

/** The newest `limit` points. */
export const ScoresQuery = Type.Object(
  {
    interval: OneOf(SCORE_INTERVALS, { default: '1h' }),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 500 }),
  },
  { additionalProperties: false },
)
export type ScoresQuery = Static<typeof ScoresQuery>

/** What a coin's horizons said in the past, oldest first, the last point being what they say now; where nothing was scored there is no point. */
export const ScoresList = Type.Object(
  {
    success: Type.Literal(true),
    data: Type.Array(ScorePoint),
    coinId: CoinId,
    interval: ScoreInterval,
    meta: UnversionedMeta,
  },
  { additionalProperties: false },
)
export type ScoresList = Static<typeof ScoresList>
