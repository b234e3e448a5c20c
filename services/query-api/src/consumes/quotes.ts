import type { Bus, Subscription } from '@crypto-signals/bus'
import type { Staging } from '../read-model/staging.ts'

/** Every replica holds the whole market, so each gets every event. */
export const consumeQuotes = (bus: Bus, staging: Staging): Promise<Subscription> =>
  bus.consume('quotes', { group: 'query-api', delivery: 'each' }, async ({ rows }) => staging.quotes(rows))
