import type { TriggeredAlert } from '@crypto-signals/contracts'
import type { Store } from '@crypto-signals/store'
import type { Market } from './market.ts'

/** Reads everything the store holds into the market; returns how many rows had to be refused. */
export async function hydrate(market: Market, store: Store): Promise<number> {
  let refused = 0
  for await (const quotes of store.quotes.all(BATCH_ROWS)) refused += market.load({ quotes })
  for await (const scored of store.signals.all(BATCH_ROWS)) refused += market.load({ scored })
  return refused
}

/** The last firings, oldest first: of those that were published while nobody here listened, callers who come back are told. */
export async function lastTriggered({ alerts }: Pick<Store, 'alerts'>): Promise<TriggeredAlert[]> {
  const { rows } = await alerts.triggered({ offset: 0, limit: LAST_TRIGGERED })
  return rows.toReversed()
}

const LAST_TRIGGERED = 500

// Each page costs a server a search of its own; this many are some megabytes.
const BATCH_ROWS = 2_000
