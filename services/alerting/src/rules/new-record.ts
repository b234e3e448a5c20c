import type { AlertRequest, AlertSettings, ScoredCoin } from '@crypto-signals/contracts'
import type { AlertRecord } from '@crypto-signals/store'
import { observationFor, seenOf } from './observation.ts'

/**
 * A rule as it begins: armed. A rule that follows the action starts from the action its coin has now (`known`), if it
 * has one. Field by field: nothing else of what somebody sent gets in.
 */
export function newRecord(
  alertId: string,
  { coinId, alertType, settings = {} }: AlertRequest,
  createdAt: string,
  known: ScoredCoin | null,
): AlertRecord {
  const alert = {
    alertId,
    coinId,
    alertType,
    settings: chosen(settings),
    isTriggered: false,
    triggerCount: 0,
    triggeredAt: null,
    createdAt,
  }
  const start = alertType === 'action_changed' && known !== null ? observationFor(settings, known) : null
  if (start === null || start.action === null) return { alert, version: 1, seen: null, lastAction: null }
  return { alert, version: 1, seen: seenOf(start), lastAction: start.action }
}

const chosen = ({ threshold, timeframe, cooldownMs }: AlertSettings): AlertSettings => ({
  ...(threshold === undefined ? {} : { threshold }),
  ...(timeframe === undefined ? {} : { timeframe }),
  ...(cooldownMs === undefined ? {} : { cooldownMs }),
})
