import { type Static, Type } from '@sinclair/typebox'
import { Origins } from './origin.ts'
import { CoinId, Instant, Nullable, Percent, Rank, SourceName, Usd } from './scalars.ts'
import type { Timeframe } from './timeframe.ts'

/** The spans over which a quote carries the change of the price. */
export const CHANGE_SPANS = ['1h', '24h', '7d', '14d', '30d', '200d', '1y'] as const
export type ChangeSpan = (typeof CHANGE_SPANS)[number]

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How long each is. */
export const CHANGE_SPAN_MS: Readonly<Record<ChangeSpan, number>> = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '14d': 14 * DAY_MS,
  '30d': 30 * DAY_MS,
  '200d': 200 * DAY_MS,
  '1y': 365 * DAY_MS,
}

const HORIZON_SPANS = {
  SCALPING: '1h',
  DAY_TRADING: '24h',
  SWING_TRADING: '7d',
  LONG_TERM: '30d',
} as const satisfies Record<Timeframe, ChangeSpan>

/** The span whose change is meant where a horizon is named; where none is, 24 h. */
export const changeSpanOf = (timeframe?: Timeframe): (typeof HORIZON_SPANS)[Timeframe] =>
  timeframe === undefined ? '24h' : HORIZON_SPANS[timeframe]

/** Change of the price in percent over each span; null where the source does not know. */
export const Changes = Type.Object(
  {
    '1h': Nullable(Percent),
    '24h': Nullable(Percent),
    '7d': Nullable(Percent),
    '14d': Nullable(Percent),
    '30d': Nullable(Percent),
    '200d': Nullable(Percent),
    '1y': Nullable(Percent),
  },
  { additionalProperties: false },
)
export type Changes = Static<typeof Changes>

/**
 * What is known of one coin: of each part the freshest trustworthy value. `source` and `observedAt` are the price's; `origins` tells
 * those of the other parts.
 */
export const Quote = Type.Object(
  {
    coinId: CoinId,
    symbol: Type.String({ maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 256 }),
    image: Nullable(Type.String({ maxLength: 512 })),
    marketCapRank: Nullable(Rank),
    priceUsd: Nullable(Usd),
    marketCapUsd: Nullable(Usd),
    volumeUsd24h: Nullable(Usd),
    high24hUsd: Nullable(Usd),
    low24hUsd: Nullable(Usd),
    circulatingSupply: Nullable(Type.Number({ minimum: 0, maximum: 1e40 })),
    changePct: Changes,
    sparkline: Nullable(
      Type.Array(Usd, { maxItems: 400, description: 'Prices of the last 7 days, oldest first, one an hour' }),
    ),
    source: SourceName,
    origins: Origins,
    observedAt: Instant,
    receivedAt: Instant,
  },
  { additionalProperties: false },
)
export type Quote = Static<typeof Quote>
