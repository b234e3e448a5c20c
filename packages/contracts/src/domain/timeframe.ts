import type { Static } from '@sinclair/typebox'
import { OneOf } from './scalars.ts'

/** The four horizons a coin is scored on, shortest first. */
export const TIMEFRAMES = ['SCALPING', 'DAY_TRADING', 'SWING_TRADING', 'LONG_TERM'] as const

export const Timeframe = OneOf(TIMEFRAMES)
export type Timeframe = Static<typeof Timeframe>
