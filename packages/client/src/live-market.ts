import type { StreamState } from './client.ts'
import type { DataSource, MarketRow, TriggeredAlert } from './types.ts'

export interface LiveMarketOptions {
  /** Closes it, as `close` does. */
  signal?: AbortSignal
  onState?: (state: LiveMarketState) => void
  /** Told of each firing once. */
  onAlert?: (alert: TriggeredAlert) => void
}

export type LiveMarketState = StreamState | 'closed'

/** What came with one step of the server. After `reset` all rows held before are gone: those in `rows` are all there are. */
export interface LiveMarketChange {
  rows: MarketRow[]
  left: string[]
  reset: boolean
}

/** The rows of a filter, kept as the server has them. */
export interface LiveMarket {
  /** By coin id. The same map for ever; it changes only right before listeners are told. */
  readonly rows: ReadonlyMap<string, MarketRow>
  /** Of the rows; null until the first are there. */
  readonly version: string | null
  readonly source: DataSource | null
  readonly state: LiveMarketState
  /** The listener is told of changes from now on; what is returned ends that. */
  subscribe(listener: (change: LiveMarketChange) => void): () => void
  /** Resolves once the rows are complete; rejects with an `ApiError` that no waiting helps against, or when closed before. */
  readonly ready: Promise<void>
  close(): void
}
