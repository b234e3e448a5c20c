import type { Alert, TriggeredAlert } from '@crypto-signals/client'
import { priceOf, spanOf } from './terminal/numbers.ts'
import { clean } from './terminal/text.ts'
import { HORIZON_NAMES } from './words.ts'

/** A rule in words: `price above 100000`, `score above 80, Long term`. */
export function ruleOf({ alertType, settings }: Pick<Alert, 'alertType' | 'settings'>): string {
  const { threshold, timeframe, cooldownMs } = settings
  const limit = threshold === undefined ? '' : ` ${threshold}`
  const horizon = timeframe === undefined ? '' : `, ${HORIZON_NAMES[timeframe]}`
  const pause = cooldownMs ? `, every ${spanOf(cooldownMs)} at most` : ''
  return `${alertType.replace('_', ' ')}${limit}${horizon}${pause}`
}

/** A firing in words. */
export const alertText = ({ coinId, evidence, ...rule }: TriggeredAlert): string =>
  `${clean(coinId)}: ${ruleOf(rule)}, at $${priceOf(evidence.price)}`
