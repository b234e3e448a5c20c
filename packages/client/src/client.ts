import type { LiveMarket, LiveMarketOptions } from './live-market.ts'
import type { Export } from './rows.ts'
import type { StreamOptions } from './stream.ts'
import type * as T from './types.ts'

export interface ClientOptions {
  /** Where the server is, for example `http://127.0.0.1:3000`. */
  baseUrl: string
  /** What asks instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined
  /** Sent with every request. */
  headers?: Record<string, string> | undefined
  /** How often is asked again after a fault that may pass; 2. */
  retries?: number | undefined
  /** How long one try may take, ms; 10,000. Where an answer is read while it comes: how long until its head is there, and from one piece to the next. */
  timeoutMs?: number | undefined
}

export interface CallOptions {
  /** Gives the call up: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** Every promise rejects with an `ApiError` when there is no good answer. */
export interface Client {
  readonly baseUrl: string
  signals: {
    list(query?: T.SignalsQuery, options?: CallOptions): Promise<T.SignalsPage>
    ofCoin(coinId: string, options?: CallOptions): Promise<T.CoinSignal>
    history(coinId: string, query?: T.ScoresQuery, options?: CallOptions): Promise<T.ScoresList>
    search(q: string, query?: Omit<T.SearchQuery, 'q'>, options?: CallOptions): Promise<T.SignalsList>
    strong(options?: CallOptions): Promise<T.SignalsList>
    stats(options?: CallOptions): Promise<T.SignalStats>
    /** What changed since a version. Rejects with status 410 when that cannot be told any more: then load the export. */
    delta(query: T.DeltaQuery, options?: CallOptions): Promise<T.Delta>
  }
  coins: {
    list(query?: T.CoinsQuery, options?: CallOptions): Promise<T.CoinsPage>
    get(coinId: string, options?: CallOptions): Promise<T.CoinDetail>
    /** Rejects with status 409 and `candidates` when several coins have the symbol. */
    bySymbol(symbol: string, options?: CallOptions): Promise<T.CoinDetail>
    bars(coinId: string, query?: T.BarsQuery, options?: CallOptions): Promise<T.BarsList>
  }
  alerts: {
    list(query?: T.AlertsQuery, options?: CallOptions): Promise<T.AlertsPage>
    get(alertId: string, options?: CallOptions): Promise<T.AlertAnswer>
    create(request: T.AlertRequest, options?: CallOptions): Promise<T.AlertAnswer>
    remove(alertId: string, options?: CallOptions): Promise<T.AlertRemoved>
    triggered(query?: T.TriggeredQuery, options?: CallOptions): Promise<T.TriggeredPage>
  }
  coverage(options?: CallOptions): Promise<T.Coverage>
  sources(options?: CallOptions): Promise<T.SourcesList>
  market(options?: CallOptions): Promise<T.MarketFigures>
  /** Resolves on 503 too, when the server says what is wrong. */
  health(options?: CallOptions): Promise<T.Health>
  /** All rows of a filter, read while they come. */
  exportRows(filter?: T.ExportFilter, options?: CallOptions): Promise<Export>
  /** What changes, as it does. Comes back for ever after faults, where it was; rejects only when the server refuses. */
  stream(filter?: T.RowFilter, options?: StreamOptions): AsyncIterable<T.StreamMessage>
  /** All rows of a filter, kept as the server has them. */
  liveMarket(filter?: T.RowFilter, options?: LiveMarketOptions): LiveMarket
}
