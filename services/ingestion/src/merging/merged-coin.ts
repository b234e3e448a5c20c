import type { SourceFacts } from '../source.ts'
import type { SaidChanges } from './changes.ts'
import type { Said } from './said.ts'
import type { SaidPrice } from './said-price.ts'

/** What is remembered of one coin: of each source its last price, of each other part the last that was said by anyone. */
export interface MergedCoin {
  readonly coinId: string
  symbol: string | null
  name: string | null
  image: string | null
  rank: number | null
  /** The base source spoke of it: what others call it no longer counts. */
  isNamed: boolean
  /** One a source. */
  readonly prices: ReceivedPrice[]
  /** The one of them in use. */
  price: ReceivedPrice | null
  /** How many of them are fresh. */
  fresh: number
  /** When one of two prices that were at odds last took the other's place, ms since the epoch; -Infinity if none did. */
  switchedAtMs: number
  /** The times that its quote bears, ms since the epoch: see `advanceTimes`. */
  observedAtMs: number
  receivedAt: number
  /** While it has no price: the last that was heard of it. */
  unpriced: Said | null
  range: SaidRange | null
  /** The whole market's. */
  volume: SaidAmount | null
  supply: SaidAmount | null
  marketCap: SaidAmount | null
  /** One a source. */
  readonly changes: SaidChanges[]
  sparkline: SaidSparkline | null
}

export interface ReceivedPrice extends SaidPrice {
  readonly receivedAt: number
  /** When its source last said that it was so, also where that was nothing new. */
  readonly saidAtMs: number
}

export interface SaidAmount extends Said {
  readonly amount: number
}

export interface SaidRange extends Said {
  readonly high: number | null
  readonly low: number | null
}

export interface SaidSparkline extends Said {
  readonly points: number[]
}

/** What kind of source a name stands for. Names that were only remembered and not heard yet count as aggregators. */
export type IsAggregator = (source: string) => boolean

export const newCoin = (coinId: string): MergedCoin => ({
  coinId,
  symbol: null,
  name: null,
  image: null,
  rank: null,
  isNamed: false,
  prices: [],
  price: null,
  fresh: 0,
  switchedAtMs: Number.NEGATIVE_INFINITY,
  observedAtMs: Number.NEGATIVE_INFINITY,
  receivedAt: Number.NEGATIVE_INFINITY,
  unpriced: null,
  range: null,
  volume: null,
  supply: null,
  marketCap: null,
  changes: [],
  sparkline: null,
})

/** Speaks CoinGecko's ids of its own accord: it lists the coins, and names them. */
export const isBase = ({ keys, derivedFrom }: SourceFacts): boolean => keys === 'coingecko-id' && derivedFrom === null
