import type { Bus, Subscription } from '@crypto-signals/bus'
import type { ScoredCoin } from '@crypto-signals/contracts'

// Shared: one replica evaluates an observation, after all older ones of its coin, and what comes while all are away waits.
/** Hands over each batch of newly scored coins. */
export const consumeSignals = (
  bus: Bus,
  handle: (coins: readonly ScoredCoin[]) => Promise<void>,
): Promise<Subscription> =>
  bus.consume('signals', { group: 'alerting', delivery: 'shared' }, ({ rows }) => handle(rows))
