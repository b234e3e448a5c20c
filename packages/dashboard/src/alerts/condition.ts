import type { AlertRequest } from '@crypto-signals/client'
import type { Words } from '../language/en.ts'
import type { Figures } from '../language/figures.ts'
import type { MarketRow, Timeframe } from '../market/protocol.ts'

export type AlertType = AlertRequest['alertType']

/** What an alert waits for, of whichever coin. */
export interface Rule {
  alertType: string
  settings: { threshold?: number; timeframe?: Timeframe; cooldownMs?: number }
}

/** What an alert waits for, in words. A type that the page does not know keeps the server's name. */
export function conditionText({ alertType, settings }: Rule, { alerts, timeframes }: Words, figures: Figures): string {
  const { threshold = 0, timeframe } = settings
  const { condition, spans, surestShort } = alerts
  const horizon = timeframe === undefined ? surestShort : timeframes[timeframe]
  switch (alertType) {
    case 'price_above':
    case 'price_below':
      return condition[alertType](figures.exact.price(threshold))
    case 'change_above':
    case 'change_below':
      return condition[alertType](figures.exact.percent(threshold), spans[timeframe ?? SPAN])
    case 'score_above':
    case 'score_below':
      return condition[alertType](figures.exact.score(threshold), horizon)
    case 'action_changed':
    case 'strong_signal':
      return condition[alertType](horizon)
    default:
      return alertType
  }
}

/** Of a change, where the alert names none. */
const SPAN: Timeframe = 'DAY_TRADING'

const CHANGE_SPANS = { SCALPING: '1h', DAY_TRADING: '24h', SWING_TRADING: '7d', LONG_TERM: '30d' } as const

/** What an alert compares, as it is now; null where that is not known. */
export function figureNow({ alertType, settings }: Rule, row: MarketRow | undefined): number | null {
  if (row === undefined) return null
  if (alertType.startsWith('price_')) return row.priceUsd
  if (alertType.startsWith('change_')) return row.changePct[CHANGE_SPANS[settings.timeframe ?? SPAN]]
  return opinionNow({ alertType, settings }, row)?.finalScore ?? null
}

/** What the alert's horizon says of a coin now; null where too little is known for an opinion. */
export function opinionNow({ settings }: Rule, row: MarketRow | undefined) {
  const signals = row?.signals ?? null
  if (signals === null) return null
  const opinion = signals[settings.timeframe ?? signals.primary]
  return opinion.insufficientData ? null : opinion
}

/** Whether what the alert waits for is so already; a threshold itself counts. A change of the rating never is. */
export function holdsNow(rule: Rule, row: MarketRow | undefined): boolean {
  const action = opinionNow(rule, row)?.action
  if (rule.alertType === 'strong_signal') return action === 'STRONG_BUY' || action === 'STRONG_SELL'
  const [figure, { threshold }] = [figureNow(rule, row), rule.settings]
  if (figure === null || threshold === undefined) return false
  return rule.alertType.endsWith('_above') ? figure >= threshold : figure <= threshold
}
