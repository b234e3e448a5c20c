import type { ExchangeDefinition } from '../src/calls/exchange.ts'

// The shapes are those of the exchanges' own documents and of what their clients are tested with.

/** When all of them were received, ms since the epoch. */
export const NOW = Date.parse('2026-07-16T00:00:00.000Z')
export const HOUR_MS = 3_600_000
/** When they say that it was so. */
export const AT = NOW - 1_500

export interface ExchangeAnswers {
  definition: ExchangeDefinition
  /** Two pairs that trade, `observed`, and after them some that do not or that are of nobody knows what. */
  tickers: { path: string; body: unknown; rowsAt: string[] }
  observed: [key: string, symbol: string, currency: string, price: number, volume: number, at: number][]
  /** The list of pairs, of those that need one. */
  listing?: { path: string; body: unknown }
  /** Candles of the first pair: those of two hours and of the running one. */
  candles: { path: string; body: unknown; rowsAt: string[] }
  /** What it says when it is asked too often. */
  throttle: [status: number, body: unknown]
  /** What it says to a request that is no good. */
  reject: [status: number, body: unknown]
}

/** The hours that candles open at, oldest first. */
export const HOURS = [NOW - 2 * HOUR_MS, NOW - HOUR_MS, NOW]
export const newestFirst = <T>(rows: T[]) => rows.toReversed()
