import type { Bus, Subscription } from '@crypto-signals/bus'

/** Whichever replica leads is to know what people look at, so each gets every event. */
export const consumeInterest = (bus: Bus, look: (coinIds: readonly string[]) => void): Promise<Subscription> =>
  bus.consume('interest', { group: 'ingestion', delivery: 'each' }, async ({ coinIds }) => look(coinIds))
