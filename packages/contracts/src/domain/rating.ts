import type { Action } from './signal.ts'

/** The scores at which the recommendation changes: at or above the first two, at or below the last two. */
export const RATING_LIMITS = { strongBuy: 80, buy: 60, sell: 40, strongSell: 20 } as const

/** The recommendation of a score with enough data behind it. */
export function actionOf(score: number): Action {
  if (score >= RATING_LIMITS.strongBuy) return 'STRONG_BUY'
  if (score >= RATING_LIMITS.buy) return 'BUY'
  if (score <= RATING_LIMITS.strongSell) return 'STRONG_SELL'
  if (score <= RATING_LIMITS.sell) return 'SELL'
  return 'HOLD'
}
