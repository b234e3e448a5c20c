import type { Clock } from '@crypto-signals/clock'
import type { Bar, BarInterval, FieldGroup, MarketIndex } from '@crypto-signals/contracts'
import type { CallLimits, ListedCoin } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Demand } from './demand.ts'
import type { Observation } from './observation.ts'
import type { Failure } from './source-error.ts'

/** What a source says of itself, as data: shown to users, and what the plan and the merging go by. */
export interface SourceFacts {
  /** Also the `source` of its observations; `simulated-<name>` where the simulator stands for it. */
  readonly name: string
  readonly title: string
  readonly kind: 'aggregator' | 'exchange' | 'dex' | 'index'
  /** To be shown beside its data. `text` is what the source's terms ask for, or names it where they ask for nothing. */
  readonly attribution: { readonly text: string; readonly url: string }
  /** In a few words: personal use, non-commercial, unknown. */
  readonly terms: string
  /** The free plan: none needed, or a free key. */
  readonly access: 'open' | 'free-key'
  /** What it can say of a coin. */
  readonly fields: readonly ('price' | FieldGroup)[]
  /** How its keys are matched with coins: see identity/. */
  readonly keys: 'coingecko-id' | 'own-id' | 'pair' | 'contract' | 'none'
  /** Of an exchange, its id at the base source, which knows what its pairs are of. */
  readonly listedAs?: string
  /** Its prices are taken from that one: the two agreeing proves nothing. */
  readonly derivedFrom: string | null
}

/** The environment's word on one source. */
export interface SourceSettings {
  /** Base URL, without a slash at its end. */
  url: string
  /** WebSocket URL; null where there is none. */
  streamUrl: string | null
  apiKey: string | null
  perMinute: number
  /** Credits a calendar month (UTC). */
  perMonth: number | null
  simulated: boolean
}

/** Adding a source is one file in calls/ that exports one of these, and its line in calls/catalog.ts. */
export interface SourceDefinition {
  readonly facts: SourceFacts
  readonly defaults: {
    url: string
    streamUrl?: string
    /** Limits of the free plan, as documented or, where they are not, as found to be borne. */
    limits(settings: { url: string; apiKey: string | null }): SourceLimits
  }
  /** Whether it can be used with these settings; a source that needs a key it was not given cannot. */
  usable(settings: SourceSettings): boolean
  open(settings: SourceSettings, tools: SourceTools): MarketSource
}

export interface SourceLimits extends CallLimits {
  /** The least time between the beginnings of two calls, ms; 0 if only the minute counts. */
  minGapMs: number
}

export interface SourceTools {
  clock: Clock
  log: Logger
  /** At least 0, less than 1. */
  random: () => number
}

/** A free market API, open. */
export interface MarketSource {
  readonly facts: SourceFacts
  readonly limits: SourceLimits
  readonly simulated: boolean
  readonly feeds: readonly Feed[]
  /** The list of all coins; of the base source alone. */
  listCoins?(signal: AbortSignal): Promise<Answer<ListedCoin>>
  /** What an exchange's pairs are of, a page at a time from 1, by its `listedAs`: see identity/. */
  exchangePairs?(exchange: string, page: number, signal: AbortSignal): Promise<Answer<ExchangePair>>
  /** Past bars of what `key` names, oldest first; of sources that have them. One call. */
  history?(key: string, interval: BarInterval, signal: AbortSignal): Promise<Bar[]>
  /** Asks whether it is there, one call: what it says is wrong, null if nothing. Rejects if it does not answer. */
  ping(signal: AbortSignal): Promise<Failure | null>
  close(): Promise<void>
}

export type Feed = PollFeed | StreamFeed | IndexFeed

/** Rounds of calls, again and again. */
export interface PollFeed {
  readonly kind: 'poll'
  /** Unique within the source: `tickers`, `top`, `sweep`, `pages`. */
  readonly name: string
  /** From one round to the next where limits bear it: asking more often brings nothing new. */
  readonly bestEveryMs: number
  /** The share of the source's month that it may spend; the shares of all feeds sum to 1 at most, and a tenth of the month is kept in reserve. */
  readonly share: number
  /** Goes before feeds that are not, when calls wait for their turn. */
  readonly urgent: boolean
  /** Asked before anything else when nothing is known yet, so that there is something to see within seconds. */
  readonly opening?: boolean
  /** Whether a round that was broken off goes on with its next call after a restart. */
  readonly resumable: boolean
  /** The calls of a round, made anew for each; none if there is nothing to ask. */
  round(demand: Demand): readonly SourceCall[]
  /** Further calls of that round, those first that matter most: made as far as the month's reserve bears them, and on top of the share. */
  more?(demand: Demand): readonly SourceCall[]
}

export interface SourceCall {
  /** Short, unique within its round, the same for the same round: part of event ids. */
  readonly label: string
  /** Credits it costs. */
  readonly credits: number
  /** What is asked for: nothing in particular (all it has), a page (from 1) of `size`, or coins by id. */
  readonly target: CallTarget
  ask(signal: AbortSignal): Promise<Answer<Observation>>
  /** The same in two halves, for when it was too long; absent where it cannot be cut. */
  split?(): readonly SourceCall[]
  /** What must be asked besides, after this answer; null if nothing. */
  rest?(answer: Answer<Observation>): SourceCall | null
}

export type CallTarget = { all: true } | { page: number; size: number } | { coinIds: readonly string[] }

/** Observations as they come, until `signal` is aborted; it reconnects by itself within the source's rules. */
export interface StreamFeed {
  readonly kind: 'stream'
  readonly name: string
  run(
    hand: (answer: Answer<Observation>) => void,
    told: (state: StreamState) => void,
    signal: AbortSignal,
  ): Promise<void>
}

export type StreamState = { connected: true } | { connected: false; reason: string }

/** A figure of the whole market. */
export interface IndexFeed {
  readonly kind: 'index'
  readonly name: string
  readonly bestEveryMs: number
  ask(signal: AbortSignal): Promise<MarketIndex>
}

/** What is good in an answer and what is not. */
export interface Answer<T> {
  /** Milliseconds since the epoch. */
  receivedAt: number
  rows: T[]
  faults: RowFault[]
  /** Rows left out because another row of the answer is of the same thing. */
  repeated: number
}

/** Why a row was left out. */
export interface RowFault {
  /** One of few: a metric's label. */
  reason: string
  /** The row's id, where it has one. */
  id: string | null
}

/** A pair of an exchange, and the coins that it trades, as the base source knows them. */
export interface ExchangePair {
  base: string
  target: string
  coinId: string
  targetCoinId: string | null
}
