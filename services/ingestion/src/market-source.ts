import type { Quote } from '@crypto-signals/contracts'
import type { CallLimits, ListedCoin } from '@crypto-signals/store'
import type { Failure } from './source-error.ts'

/** A free market API. Each method makes one call and rejects with a SourceError, or with the signal's reason. */
export interface MarketSource {
  /** Also the `source` of its quotes. */
  readonly name: string
  readonly attribution: string
  readonly simulated: boolean
  readonly limits: CallLimits
  /** Every coin the source knows. */
  listCoins(signal: AbortSignal): Promise<Answer<ListedCoin>>
  marketsByIds(ids: readonly string[], signal: AbortSignal): Promise<Answer<Quote>>
  /** A page of MAX_ROWS coins by market cap; the first is 1. */
  topByCap(page: number, signal: AbortSignal): Promise<Answer<Quote>>
  /** Asks whether it is there: what it says is wrong, null if nothing. Rejects if it does not answer. */
  ping(signal: AbortSignal): Promise<Failure | null>
  close(): Promise<void>
}

/** What is good in an answer and what is not. */
export interface Answer<T> {
  /** Milliseconds since the epoch. */
  receivedAt: number
  rows: T[]
  faults: RowFault[]
  /** Rows left out because another row of the answer is of the same coin. */
  repeated: number
}

/** Why a row was left out. */
export interface RowFault {
  /** One of few: a metric's label. */
  reason: string
  /** The row's id, where it has one. */
  id: string | null
}

/** The most coins one call may ask for, and gets on a page. */
export const MAX_ROWS = 250
