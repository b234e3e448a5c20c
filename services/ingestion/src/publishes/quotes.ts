import type { Bus } from '@crypto-signals/bus'
import { MAX_BATCH_ROWS, partitionOf, type Quote } from '@crypto-signals/contracts'
import type { PublishQuotes } from '../intake.ts'

/** Publishes quotes by partition. The ids of the events follow from `batch`, so that a repeat is known as one. */
export const createQuotesPublisher =
  (bus: Bus): PublishQuotes =>
  async (batch, quotes, signal) => {
    for (const [partition, rows] of byPartition(quotes)) {
      for (let part = 0; part * MAX_BATCH_ROWS < rows.length; part++) {
        signal.throwIfAborted()
        const slice = rows.slice(part * MAX_BATCH_ROWS, (part + 1) * MAX_BATCH_ROWS)
        await bus.publish('quotes', { id: `${batch}:${partition}:${part}`, partition, rows: slice })
      }
    }
  }

function byPartition(quotes: readonly Quote[]): Map<number, Quote[]> {
  const partitions = new Map<number, Quote[]>()
  for (const quote of quotes) {
    const partition = partitionOf(quote.coinId)
    const rows = partitions.get(partition)
    if (rows) rows.push(quote)
    else partitions.set(partition, [quote])
  }
  return partitions
}
