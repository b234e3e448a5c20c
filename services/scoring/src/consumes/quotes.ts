import type { Bus, Subscription } from '@crypto-signals/bus'
import type { Quotes } from '@crypto-signals/contracts'

/** Hands every quotes event to one replica of scoring. */
export function consumeQuotes(bus: Bus, handle: (event: Quotes) => Promise<void>): Promise<Subscription> {
  return bus.consume('quotes', { group: 'scoring', delivery: 'shared' }, handle)
}
