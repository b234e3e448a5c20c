import type { Bus, Subscription } from '@crypto-signals/bus'
import type { ScoredCoin } from '@crypto-signals/contracts'

// Every replica evaluates every observation: one that missed some would know neither that a rule is armed again nor what
// the last action was. Which replica's firing counts, the store decides.
/** Hands over each batch of newly scored coins. */
export const consumeSignals = (
  bus: Bus,
  handle: (coins: readonly ScoredCoin[]) => Promise<void>,
): Promise<Subscription> => bus.consume('signals', { group: 'alerting', delivery: 'each' }, ({ rows }) => handle(rows))
