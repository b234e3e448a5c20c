import type { Bus } from '@crypto-signals/bus'
import type { TriggeredAlert } from '@crypto-signals/contracts'

/** Tells of a firing; a repeat carries the same id. */
export const publishAlerts = (bus: Bus) => (trigger: TriggeredAlert) =>
  bus.publish('alerts', { id: trigger.triggerId, trigger })
