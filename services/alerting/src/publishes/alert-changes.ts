import type { Bus } from '@crypto-signals/bus'
import type { Alert, AlertChange } from '@crypto-signals/contracts'

/** Tells whoever follows the rules that one was created or removed; the replicas of this service read them from the store. */
export const publishAlertChanges = (bus: Bus) => (change: AlertChange['change'], alert: Alert) =>
  bus.publish('alert-changes', { id: `${alert.alertId}:${change}`, change, alert })
