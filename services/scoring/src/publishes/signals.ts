import type { Bus } from '@crypto-signals/bus'
import { partitionOf, type ScoredCoin, type Signals } from '@crypto-signals/contracts'

/** Publishes one event; nothing when there are no rows. */
export async function publishSignals(bus: Bus, event: Signals): Promise<void> {
  if (event.rows.length > 0) await bus.publish('signals', event)
}

/** Publishes one event for each partition that the coins lie in. */
export async function publishByPartition(
  bus: Bus,
  coins: readonly ScoredCoin[],
  idOf: (rows: readonly ScoredCoin[]) => string,
): Promise<void> {
  const groups = Map.groupBy(coins, ({ coinId }) => partitionOf(coinId))
  for (const [partition, rows] of groups) await publishSignals(bus, { id: idOf(rows), partition, rows })
}
