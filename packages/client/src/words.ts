import type { Action, ActionFilter, AlertType, Timeframe } from './types.ts'

/** The horizons, shortest first. */
export const TIMEFRAMES = [
  'SCALPING',
  'DAY_TRADING',
  'SWING_TRADING',
  'LONG_TERM',
] as const satisfies readonly Timeframe[]

/** What a score recommends, most bullish first. */
export const ACTIONS = ['STRONG_BUY', 'BUY', 'HOLD', 'SELL', 'STRONG_SELL'] as const satisfies readonly Action[]

/** The same as queries name them. */
export const ACTION_FILTERS = [
  'strong_buy',
  'buy',
  'hold',
  'sell',
  'strong_sell',
] as const satisfies readonly ActionFilter[]

export const ALERT_TYPES = [
  'price_above',
  'price_below',
  'change_above',
  'change_below',
  'score_above',
  'score_below',
  'action_changed',
  'strong_signal',
] as const satisfies readonly AlertType[]
