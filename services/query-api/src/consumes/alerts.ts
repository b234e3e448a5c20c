import type { Bus, Subscription } from '@crypto-signals/bus'
import type { TriggeredAlert } from '@crypto-signals/contracts'

/** Every replica has streams of its own, so each gets every event. */
export const consumeAlerts = (bus: Bus, tell: (trigger: TriggeredAlert) => void): Promise<Subscription> =>
  bus.consume('alerts', { group: 'query-api', delivery: 'each' }, async ({ trigger }) => tell(trigger))
