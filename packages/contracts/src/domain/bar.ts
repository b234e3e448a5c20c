import { type Static, Type } from '@sinclair/typebox'
import { Instant, Nullable, OneOf, Usd } from './scalars.ts'

/** The lengths of bars, shortest first. Bars open at whole multiples of their length since the epoch (UTC). */
export const BAR_INTERVALS = ['5m', '1h', '1d'] as const
export const BarInterval = OneOf(BAR_INTERVALS)
export type BarInterval = (typeof BAR_INTERVALS)[number]

export const BAR_MS: Readonly<Record<BarInterval, number>> = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 }

/**
 * How many of the newest bars of a coin are kept: those of a day, of a week and of a year. Changes over seven days and over a year are worked
 * out from them up to when the price is of, which may be some hours or days ago: hence eight hours and a week more.
 */
export const BARS_KEPT: Readonly<Record<BarInterval, number>> = { '5m': 288, '1h': 7 * 24 + 8, '1d': 365 + 7 }

/**
 * Open, high, low and close of a coin's price in dollars over one interval, to seven digits. `volumeUsd` is what was traded in it,
 * null where nobody said; `filled` tells that it came from a history endpoint or a sparkline and not from quotes as they were seen.
 */
export const Bar = Type.Object(
  {
    openedAt: Instant,
    open: Usd,
    high: Usd,
    low: Usd,
    close: Usd,
    volumeUsd: Nullable(Usd),
    filled: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type Bar = Static<typeof Bar>
