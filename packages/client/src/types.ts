import type { paths } from './openapi.ts'

type Get<P extends keyof paths> = paths[P]['get']
type Body<O> = O extends { responses: { 200: { content: { 'application/json': infer B } } } } ? B : never
type Query<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never

export type SignalsPage = Body<Get<'/api/signals'>>
export type SignalsList = Body<Get<'/api/signals/search'>>
export type CoinSignal = Body<Get<'/api/signals/coin/{coinId}'>>
export type SignalStats = Body<Get<'/api/signals/stats'>>
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
export type Health = Body<Get<'/api/health'>>

export type SignalsQuery = Query<Get<'/api/signals'>>
export type CoinsQuery = Query<Get<'/api/coins'>>
export type BarsQuery = Query<Get<'/api/coins/{coinId}/bars'>>
export type AlertsQuery = Query<Get<'/api/alerts'>>
export type TriggeredQuery = Query<Get<'/api/alerts/triggered'>>
export type AlertRequest = NonNullable<paths['/api/alerts']['post']['requestBody']>['content']['application/json']

/** One horizon of a coin with its reasons. */
export type Signal = SignalsPage['data'][number]
export type Coin = CoinsPage['data'][number]
export type Bar = BarsList['data'][number]
export type Alert = AlertsPage['data'][number]
export type TriggeredAlert = TriggeredPage['data'][number]
export type SourceStatus = SourcesList['data'][number]
export type Timeframe = Signal['timeframe']
export type Action = Signal['recommendation']['action']
/** Where data come from: `simulated` unless they are of real markets. */
export type DataSource = SignalsPage['meta']['source']

type Failure = paths['/api/signals']['get']['responses'][400]['content']['application/json']
export type ErrorDetail = NonNullable<Failure['details']>[number]
/** A coin that may have been meant. */
export type Candidate = NonNullable<Failure['candidates']>[number]

export interface HorizonScore {
  finalScore: number
  action: Action
  confidence: number
  insufficientData: boolean
}
export interface MarketRow {
  coinId: string
  symbol: string
  name: string
  rank: number | null
  priceUsd: number | null
  marketCapUsd: number | null
  volumeUsd24h: number | null
  changePct: { '1h': number | null; '24h': number | null; '7d': number | null; '30d': number | null }
  shape7d: number[] | null
  source: string
  observedAt: string
  signals: ({ primary: Timeframe; observedAt: string; updatedAt: string } & Record<Timeframe, HorizonScore>) | null
}
export interface ScorePoint {
  at: string
  SCALPING: number | null
  DAY_TRADING: number | null
  SWING_TRADING: number | null
  LONG_TERM: number | null
}
export interface ScoresList {
  success: true
  data: ScorePoint[]
  coinId: string
  interval: '1h' | '1d'
  meta: { source: DataSource }
}
export interface ScoresQuery {
  interval?: '1h' | '1d'
  limit?: number
}
export interface Delta {
  success: true
  data: MarketRow[]
  left: string[]
  count: number
  meta: { source: DataSource; version: string }
}

export type ActionFilter = 'strong_buy' | 'buy' | 'hold' | 'sell' | 'strong_sell'

/** Which coins are meant: those that all of it holds for. Without any, all. Lists may be given as arrays or comma-separated. */
export interface RowFilter {
  /** Coin ids, at most 100. */
  coins?: string | readonly string[]
  /** The horizon that `actions` and `min_change` mean; without it the primary one, and 24 h. */
  timeframe?: Timeframe
  /** Coins for which the horizon says one of these. */
  actions?: string | readonly ActionFilter[]
  /** Percent, up or down, over the horizon's span. */
  min_change?: number
}
export interface DeltaQuery extends RowFilter {
  /** The version that the caller holds. */
  since: string
}

export type StreamMessage =
  | { event: 'hello'; id?: string; data: { version: string; source: DataSource; at: string } }
  | { event: 'reset'; id?: string; data: { reason: 'snapshot' | 'unknown-version'; at: string } }
  | {
      event: 'changes'
      id?: string
      data: { version: string; at: string; rows: MarketRow[]; left: string[]; more: boolean }
    }
  | { event: 'alert'; id?: string; data: TriggeredAlert }
