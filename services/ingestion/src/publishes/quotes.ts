import type { Bus } from '@crypto-signals/bus'
import { MAX_BATCH_ROWS, partitionOf } from '@crypto-signals/contracts'
import type { PublishQuotes } from '../outflow.ts'

/** Publishes quotes by partition. The ids of the events follow from `batch`, so that a repeat is known as one. */
export const createQuotesPublisher =
  (bus: Bus): PublishQuotes =>
  async (batch, quotes, signal) => {
    for (const [partition, rows] of Map.groupBy(quotes, ({ coinId }) => partitionOf(coinId))) {
      for (let part = 0; part * MAX_BATCH_ROWS < rows.length; part++) {
        signal.throwIfAborted()
        const slice = rows.slice(part * MAX_BATCH_ROWS, (part + 1) * MAX_BATCH_ROWS)
        await bus.publish('quotes', { id: `${batch}:${partition}:${part}`, partition, rows: slice })
      }
    }
  }
