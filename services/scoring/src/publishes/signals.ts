import type { Bus } from '@crypto-signals/bus'
import type { Signals } from '@crypto-signals/contracts'

/** Publishes one event; nothing when there are no rows. */
export async function publishSignals(bus: Bus, event: Signals): Promise<void> {
  if (event.rows.length > 0) await bus.publish('signals', event)
}
