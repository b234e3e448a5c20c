import type { Bus } from '@crypto-signals/bus'
import type { Alert, AlertChange } from '@crypto-signals/contracts'

/** Tells that a rule was created or removed, above all the other replicas of this service. */
export const publishAlertChanges = (bus: Bus) => (change: AlertChange['change'], alert: Alert) =>
  bus.publish('alert-changes', { id: `${alert.alertId}:${change}`, change, alert })
