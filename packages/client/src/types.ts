// What the server takes and gives, by the names that the API's documents use.
import type { components, paths } from './openapi.ts'

type Schemas = components['schemas']
type Get<P extends keyof paths> = paths[P]['get']
type Body<O> = O extends { responses: { 200: { content: { 'application/json': infer B } } } } ? B : never
type Query<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never

/** One horizon of a coin, with its reasons. */
export type Signal = Schemas['Signal']
export type Timeframe = Signal['timeframe']
export type Action = Signal['recommendation']['action']
export type Freshness = Signal['freshness']
export type Coin = Schemas['Coin']
export type Bar = Schemas['Bar']
export type ScorePoint = Schemas['ScorePoint']
/** A coin in one line, with what its four horizons say in short. */
export type MarketRow = Schemas['MarketRow']
export type HorizonScore = Schemas['HorizonScore']
export type StreamMessage = Schemas['StreamMessage']
export type Alert = Schemas['Alert']
export type AlertType = Alert['alertType']
/** One firing. A repeat carries the same `triggerId`. */
export type TriggeredAlert = Schemas['TriggeredAlert']
export type SourceStatus = Schemas['SourceStatus']
/** `simulated` unless the data come from real markets. */
export type DataSource = Schemas['Meta']['source']
export type ErrorDetail = Schemas['ErrorDetail']
/** A coin that may have been meant. */
export type Candidate = Schemas['Candidate']

export type SignalsPage = Body<Get<'/api/signals'>>
export type SignalsList = Body<Get<'/api/signals/search'>>
export type CoinSignal = Body<Get<'/api/signals/coin/{coinId}'>>
export type ScoresList = Body<Get<'/api/signals/coin/{coinId}/history'>>
export type SignalStats = Body<Get<'/api/signals/stats'>>
export type Delta = Body<Get<'/api/signals/delta'>>
export type CoinsPage = Body<Get<'/api/coins'>>
export type CoinDetail = Body<Get<'/api/coins/{coinId}'>>
export type BarsList = Body<Get<'/api/coins/{coinId}/bars'>>
export type AlertsPage = Body<Get<'/api/alerts'>>
export type AlertAnswer = Body<Get<'/api/alerts/{alertId}'>>
export type AlertRemoved = Body<paths['/api/alerts/{alertId}']['delete']>
export type TriggeredPage = Body<Get<'/api/alerts/triggered'>>
export type Coverage = Body<Get<'/api/coverage'>>
export type SourcesList = Body<Get<'/api/sources'>>
export type MarketFigures = Body<Get<'/api/market'>>
export type Health = Schemas['Health']

export type SearchQuery = Query<Get<'/api/signals/search'>>
export type SignalsQuery = Query<Get<'/api/signals'>>
export type ActionFilter = NonNullable<SignalsQuery['filter']>
export type CoinsQuery = Query<Get<'/api/coins'>>
export type BarsQuery = Query<Get<'/api/coins/{coinId}/bars'>>
export type ScoresQuery = Query<Get<'/api/signals/coin/{coinId}/history'>>
export type AlertsQuery = Query<Get<'/api/alerts'>>
export type TriggeredQuery = Query<Get<'/api/alerts/triggered'>>
export type AlertRequest = NonNullable<paths['/api/alerts']['post']['requestBody']>['content']['application/json']

/** Which coins are meant: those that all of it holds for. Without any, all. A list is an array, or text with commas. */
export interface RowFilter extends Omit<Query<Get<'/api/export.ndjson'>>, 'coins' | 'actions' | 'limit'> {
  /** At most 100 coin ids. */
  coins?: string | readonly string[]
  /** Coins for which the horizon says one of these. */
  actions?: string | readonly ActionFilter[]
}
export interface ExportFilter extends RowFilter {
  /** Only the first so many by rank, at most 1,000. */
  limit?: number
}
export interface DeltaQuery extends RowFilter {
  /** The version that the caller holds. */
  since: string
}
