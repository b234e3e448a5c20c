export {
  ALERT_SETTINGS,
  ALERT_TYPES,
  Alert,
  AlertSettings,
  AlertType,
  Evidence,
  TriggeredAlert,
} from './domain/alert.ts'
export { BAR_INTERVALS, BAR_MS, BARS_KEPT, Bar, BarInterval } from './domain/bar.ts'
export { FRESHNESS, FRESHNESS_LIMITS_MS, Freshness, freshnessOf } from './domain/freshness.ts'
export { MARKET_INDICES, MarketIndex } from './domain/market-index.ts'
export { HorizonScore, MarketRow, RowSignals, SHAPE_POINTS } from './domain/market-row.ts'
export { FIELD_GROUPS, type FieldGroup, NO_ORIGINS, Origin, Origins } from './domain/origin.ts'
export { PARTITIONS, partitionOf } from './domain/partition.ts'
export { CHANGE_SPAN_MS, CHANGE_SPANS, type ChangeSpan, Changes, changeSpanOf, Quote } from './domain/quote.ts'
export { actionOf, RATING_LIMITS } from './domain/rating.ts'
export { CoinId, Instant, Nullable, OneOf, Percent, Rank, Score, SourceName, Usd, Uuid } from './domain/scalars.ts'
export {
  SCORE_INTERVAL_MS,
  SCORE_INTERVALS,
  SCORES_KEPT,
  ScoreInterval,
  ScorePoint,
  scorePointOf,
} from './domain/score-point.ts'
export {
  ACTIONS,
  Action,
  COMPONENTS,
  type ComponentName,
  Contribution,
  PreviousSignal,
  primaryOf,
  Recommendation,
  ScoredCoin,
  Signal,
} from './domain/signal.ts'
export { TIMEFRAMES, Timeframe } from './domain/timeframe.ts'
export { AlertChange } from './events/alert-changes.ts'
export { AlertTriggered } from './events/alerts.ts'
export { MAX_BATCH_ROWS } from './events/batch.ts'
export { EVENT_NAMES, EVENTS, type EventName, type EventOf } from './events/catalog.ts'
export { Interest } from './events/interest.ts'
export { Quotes } from './events/quotes.ts'
export { Signals } from './events/signals.ts'
export {
  AlertAnswer,
  AlertParams,
  AlertRemoved,
  AlertRequest,
  AlertsPage,
  AlertsQuery,
  TriggeredPage,
  TriggeredQuery,
} from './http/alerts.ts'
export { BarsList, BarsQuery } from './http/bars.ts'
export { COIN_SORTS, Coin, CoinDetail, type CoinSort, CoinsPage, CoinsQuery, SymbolParams } from './http/coins.ts'
export { AgePercentiles, Coverage, TIERS, type Tier } from './http/coverage.ts'
export { dataVersionOf, etagOf, isKnown, receiptOf, versionIn } from './http/data-version.ts'
export { Candidate, ErrorDetail, Failure, MAX_CANDIDATES, Meta, NoQuery, Pagination } from './http/envelope.ts'
export { HEALTH_STATES, Health, HealthState } from './http/health.ts'
export {
  ChangesMessage,
  Delta,
  DeltaQuery,
  EXPORT_HEADERS,
  ExportQuery,
  HelloMessage,
  MAX_FILTER_COINS,
  MAX_MESSAGE_ROWS,
  ResetMessage,
  STREAM_MESSAGES,
  type StreamEventName,
  type StreamMessage,
  StreamQuery,
} from './http/live.ts'
export { ScoresList, ScoresQuery } from './http/scores.ts'
export {
  ACTION_FILTERS,
  type ActionFilter,
  CoinParams,
  CoinSignal,
  SEARCH_SORTS,
  SearchQuery,
  type SearchSort,
  ServedSignal,
  SIGNAL_SORTS,
  type SignalSort,
  SignalStats,
  SignalsList,
  SignalsPage,
  SignalsQuery,
} from './http/signals.ts'
export { MarketFigures, SourceStatus, SourcesList } from './http/sources.ts'
