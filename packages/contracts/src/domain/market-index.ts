import { type Static, Type } from '@sinclair/typebox'
import { Instant, OneOf, SourceName } from './scalars.ts'

/** A figure that speaks of the whole market. */
export const MARKET_INDICES = ['fear-greed'] as const

/** The newest value of one: `value` 0 (extreme fear) to 100 (extreme greed), `label` in its source's words. */
export const MarketIndex = Type.Object(
  {
    index: OneOf(MARKET_INDICES),
    value: Type.Number({ minimum: 0, maximum: 100 }),
    label: Type.String({ maxLength: 64 }),
    source: SourceName,
    observedAt: Instant,
  },
  { additionalProperties: false },
)
export type MarketIndex = Static<typeof MarketIndex>
