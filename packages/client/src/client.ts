import type { LiveMarket, LiveMarketOptions } from './live-market.ts'
import type * as T from './types.ts'

export interface ClientOptions {
  /** Where the server is, for example `http://127.0.0.1:3000`. */
  baseUrl: string
  /** What asks instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch
  /** Sent with every request, for example an API key. */
  headers?: Record<string, string>
  /** How often a GET is asked again after a fault that may pass; 2. */
  retries?: number
  /** How long one try may take until its answer is there, ms; 10,000. For a stream: until its head is. */
  timeoutMs?: number
}

export type StreamState = 'connecting' | 'open' | 'waiting'

export interface StreamOptions {
  /** The version that the caller holds: what changed since is told. */
  since?: string
  /** Begin with all rows as they are. */
  snapshot?: boolean
  /** Ends the stream: the iteration is then done. */
  signal?: AbortSignal
  onState?: (state: StreamState) => void
}

export interface Export {
  /** The version of the data, which a delta or a stream goes on from. */
  version: string
  source: T.DataSource
  /** To be read once, to its end or until the consumer breaks off. */
  rows: AsyncIterable<T.MarketRow>
}

/** Every method rejects with an `ApiError` when there is no good answer. */
export interface Client {
  baseUrl: string
  signals: {
    list(query?: T.SignalsQuery): Promise<T.SignalsPage>
    ofCoin(coinId: string): Promise<T.CoinSignal>
    history(coinId: string, query?: T.ScoresQuery): Promise<T.ScoresList>
    search(q: string, limit?: number): Promise<T.SignalsList>
    strong(): Promise<T.SignalsList>
    stats(): Promise<T.SignalStats>
    delta(query: T.DeltaQuery): Promise<T.Delta>
  }
  coins: {
    list(query?: T.CoinsQuery): Promise<T.CoinsPage>
    get(coinId: string): Promise<T.CoinDetail>
    bySymbol(symbol: string): Promise<T.CoinDetail>
    bars(coinId: string, query?: T.BarsQuery): Promise<T.BarsList>
  }
  alerts: {
    list(query?: T.AlertsQuery): Promise<T.AlertsPage>
    get(alertId: string): Promise<T.AlertAnswer>
    create(request: T.AlertRequest): Promise<T.AlertAnswer>
    remove(alertId: string): Promise<T.AlertRemoved>
    triggered(query?: T.TriggeredQuery): Promise<T.TriggeredPage>
  }
  coverage(): Promise<T.Coverage>
  sources(): Promise<T.SourcesList>
  market(): Promise<T.MarketFigures>
  /** Resolves on 503 too: what is wrong is in the answer. */
  health(): Promise<T.Health>
  exportRows(filter?: T.RowFilter, options?: { signal?: AbortSignal }): Promise<Export>
  /** Messages by SSE; connects anew for ever, where it broke off, until aborted or left. */
  stream(filter?: T.RowFilter, options?: StreamOptions): AsyncIterable<T.StreamMessage>
  liveMarket(filter?: T.RowFilter, options?: LiveMarketOptions): LiveMarket
}

export function createClient(_options: ClientOptions): Client {
  throw new Error('not built yet')
}
