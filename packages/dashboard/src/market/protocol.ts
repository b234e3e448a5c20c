import type { Action, MarketRow, Timeframe, TriggeredAlert } from '@crypto-signals/client'

export { ACTIONS, TIMEFRAMES } from '@crypto-signals/client'
export type { Action, MarketRow, Timeframe, TriggeredAlert }

/** What the table can be sorted by. */
export const SORTS = [
  'rank',
  'name',
  'price',
  '1h',
  '24h',
  '7d',
  '30d',
  'marketCap',
  'volume',
  'score',
  'confidence',
  'updated',
] as const
export type Sort = (typeof SORTS)[number]

/** Which coins of the market a table shows, and in which order. */
export interface View {
  sort: Sort
  descending: boolean
  horizon: Timeframe
  /** Without any, all. */
  actions: readonly Action[]
  /** In the id, symbol or name, in any case. In the order of ranks the best match comes first. */
  search: string
  /** Only these, where given: the starred ones. */
  only: readonly string[] | null
  /** Only coins about which enough is known on the horizon. */
  sure: boolean
  /** Only coins up to this rank; null: those without one too. */
  maxRank: number | null
  /** Only coins of which so much was traded in 24 h; null: those of which that is not known too. */
  minVolumeUsd: number | null
}

/** The part of a view that is on the screen. While it is empty no rows are told. */
export interface Range {
  from: number
  to: number
}

/** Whether the market is the real one or an invented one. */
export type Source = 'live' | 'simulated'

export type Connection = 'connecting' | 'loading' | 'live' | 'waiting'

/** How many columns the landscape of scores has: each is two points wide, so that every action's limits lie between two. */
export const SCORE_COLUMNS = 50

/** The market in a few figures. Scores are those of the view's horizon; coins without an opinion are counted apart. */
export interface Summary {
  horizon: Timeframe
  coins: number
  scored: number
  unsure: number
  averageScore: number | null
  actions: Readonly<Record<Action, number>>
  /** How many coins have a score within each column, from 0 to 100. */
  landscape: readonly number[]
  /** Null while no coin's is known. */
  marketCapUsd: number | null
  /** When the newest price was observed, ms since the epoch; null while there is none. */
  newestMs: number | null
  /** How many rows changed in the last minute; null until a minute was seen. */
  changedLastMinute: number | null
}

/** The largest coins of a market. */
export interface FirstRows {
  source: Source
  rows: MarketRow[]
}

/** What the page asks of the worker that holds the market. */
export type Ask =
  /** To follow the market from then on; `first`: what to show until it has come. */
  | { ask: 'open'; baseUrl: string; first: FirstRows | null }
  | { ask: 'view'; view: View; range: Range }
  | { ask: 'range'; range: Range }
  /** To be told of the largest coins from then on; 0: no more. */
  | { ask: 'largest'; count: number }
  /** To be told of one coin; null: no more. */
  | { ask: 'coin'; coinId: string | null }
  /** To be told of these coins from then on: those that alerts are about. */
  | { ask: 'coins'; coinIds: readonly string[] }
  /** The coins that fit a text best. */
  | { ask: 'find'; search: string; count: number }
  /** The tab is hidden: nothing is told until it is seen again. */
  | { ask: 'pause'; paused: boolean }

/** What the worker tells. */
export type Tell =
  | { tell: 'connection'; state: Connection; source: Source | null; loaded: number }
  /** `range` is cut to what there is: `rows` are those from `range.from` on. */
  | { tell: 'rows'; view: View; range: Range; rows: MarketRow[]; total: number }
  /** The rows of the view that was asked for are not there yet. */
  | { tell: 'awaited' }
  | { tell: 'summary'; summary: Summary }
  | { tell: 'largest'; rows: MarketRow[] }
  | { tell: 'coin'; coinId: string; row: MarketRow | null }
  | { tell: 'coins'; rows: MarketRow[] }
  | { tell: 'found'; search: string; rows: MarketRow[] }
  | { tell: 'alert'; alert: TriggeredAlert }
