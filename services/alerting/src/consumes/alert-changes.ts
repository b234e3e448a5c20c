import type { Bus, Subscription } from '@crypto-signals/bus'

/** Hands over the id of each rule that was created or removed, by this replica too. */
export const consumeAlertChanges = (bus: Bus, handle: (alertId: string) => Promise<void>): Promise<Subscription> =>
  bus.consume('alert-changes', { group: 'alerting', delivery: 'each' }, ({ alert }) => handle(alert.alertId))
