import { type Static, Type } from '@sinclair/typebox'
import { CoinId, Instant, Nullable, Percent, Rank, Score, SourceName, Usd } from './scalars.ts'
import { Action } from './signal.ts'
import { Timeframe } from './timeframe.ts'

/** How many points the shape of a week has. */
export const SHAPE_POINTS = 24

/** What one horizon says, in short. */
export const HorizonScore = Type.Object(
  {
    finalScore: Score,
    action: Action,
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
    insufficientData: Type.Boolean({ description: 'Too little was known: the HOLD is no opinion' }),
  },
  { additionalProperties: false },
)
export type HorizonScore = Static<typeof HorizonScore>

/** The four horizons of a coin, all of one observation. `primary` is the one to show when no horizon is asked for. */
export const RowSignals = Type.Object(
  {
    primary: Timeframe,
    observedAt: Instant,
    updatedAt: Instant,
    SCALPING: HorizonScore,
    DAY_TRADING: HorizonScore,
    SWING_TRADING: HorizonScore,
    LONG_TERM: HorizonScore,
  },
  { additionalProperties: false },
)
export type RowSignals = Static<typeof RowSignals>

/**
 * A coin in one line, for whoever holds the whole market: what a screener shows. It holds no age, so that it changes only when the
 * coin does: `observedAt` is the price's. `signals` is null until the coin was scored.
 */
export const MarketRow = Type.Object(
  {
    coinId: CoinId,
    symbol: Type.String({ maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 256 }),
    rank: Nullable(Rank),
    priceUsd: Nullable(Usd),
    marketCapUsd: Nullable(Usd),
    volumeUsd24h: Nullable(Usd),
    changePct: Type.Object(
      { '1h': Nullable(Percent), '24h': Nullable(Percent), '7d': Nullable(Percent), '30d': Nullable(Percent) },
      { additionalProperties: false },
    ),
    shape7d: Nullable(
      Type.Array(Type.Integer({ minimum: 0, maximum: 100 }), {
        maxItems: SHAPE_POINTS,
        description: 'The course of the price over 7 days, oldest first: 0 is its lowest, 100 its highest',
      }),
    ),
    source: SourceName,
    observedAt: Instant,
    signals: Nullable(RowSignals),
  },
  { additionalProperties: false },
)
export type MarketRow = Static<typeof MarketRow>
