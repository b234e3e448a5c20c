import type { Alert, ScoredCoin, TriggeredAlert } from '@crypto-signals/contracts'
import type { AlertRecord } from '@crypto-signals/store'
import { CONDITIONS, type ConditionType } from './conditions.ts'
import { evidenceOf, isNewer, type Observation, observationFor, seenOf } from './observation.ts'
import { triggerIdOf } from './trigger-id.ts'

/** A rule's next state, and its firing if it fired. */
interface Evaluation {
  record: AlertRecord
  trigger: TriggeredAlert | null
}

/**
 * What an observation of its coin does to a rule; null when nothing: it is no newer than what the rule has seen, it does
 * not know what the rule needs, or all stays as it was. The first one is remembered in any case. Depends on its arguments alone.
 */
export function evaluate(record: AlertRecord, coin: ScoredCoin): Evaluation | null {
  const { alertType, settings } = record.alert
  const seen = observationFor(settings, coin)
  if (!isNewer(seen, record.seen)) return null
  const moved = alertType === 'action_changed' ? followAction(record, seen) : watchCondition(record, alertType, seen)
  // Otherwise whoever evaluates a new rule late, against something older, would not notice that it is too late.
  return moved ?? (record.seen === null ? { record: next(record, seen, {}), trigger: null } : null)
}

/** Fires when the condition comes to hold, stays quiet while it does, and is armed again once it does not. */
function watchCondition(record: AlertRecord, type: ConditionType, seen: Observation): Evaluation | null {
  const { alert } = record
  const holds = CONDITIONS[type](seen, alert.settings.threshold ?? 0)
  if (holds === null || holds === alert.isTriggered) return null
  if (!holds) return { record: next(record, seen, { isTriggered: false }), trigger: null }
  return isCooling(alert, seen) ? null : fire(record, seen)
}

/** Fires when the action is another one than the last that was told; the first action seen is only remembered. */
function followAction(record: AlertRecord, seen: Observation): Evaluation | null {
  if (seen.action === null || seen.action === record.lastAction) return null
  if (record.lastAction === null)
    return { record: { ...next(record, seen, {}), lastAction: seen.action }, trigger: null }
  return isCooling(record.alert, seen) ? null : fire({ ...record, lastAction: seen.action }, seen)
}

function isCooling({ settings, triggeredAt }: Alert, { updatedAt }: Observation): boolean {
  const { cooldownMs = 0 } = settings
  if (cooldownMs === 0 || triggeredAt === null) return false
  return Date.parse(updatedAt) - Date.parse(triggeredAt) < cooldownMs
}

function fire(record: AlertRecord, seen: Observation): Evaluation {
  const { alertId, coinId, alertType, settings, createdAt, triggerCount } = record.alert
  const sequence = triggerCount + 1
  // A new rule may fire on an observation that is older than itself.
  const triggeredAt = later(seen.updatedAt, createdAt)
  const triggerId = triggerIdOf(alertId, sequence)
  return {
    record: next(record, seen, { isTriggered: true, triggerCount: sequence, triggeredAt }),
    trigger: {
      triggerId,
      alertId,
      sequence,
      coinId,
      alertType,
      settings,
      isTriggered: true,
      triggeredAt,
      evidence: evidenceOf(seen),
    },
  }
}

const later = (a: string, b: string) => (Date.parse(a) > Date.parse(b) ? a : b)

const next = (record: AlertRecord, seen: Observation, change: Partial<Alert>): AlertRecord => ({
  ...record,
  version: record.version + 1,
  seen: seenOf(seen),
  alert: { ...record.alert, ...change },
})
