import type { Observation } from '../observation.ts'
import type { Answer } from '../source.ts'
import { SourceError } from '../source-error.ts'
import type { SplitPair } from './pair.ts'
import { amountOf, readObservation, readObservations } from './reading.ts'
import { isObject, type RowReading } from './row-reading.ts'
import { textOf } from './text.ts'

/** A pair's last 24 hours as an exchange tells them: nothing of it is trusted yet. What is left out was not said. */
export interface Ticker {
  pair: unknown
  last: unknown
  high: unknown
  low: unknown
  /** Traded in 24 h, in the quote currency. */
  quoteVolume?: unknown
  /** The same in the base currency, for where only that is said. */
  baseVolume?: unknown
  /** When it was so, ms since the epoch. */
  at?: unknown
}

/** The observations that an exchange's tickers make. Pairs that do not trade are left out, which is no fault. */
export function readTickers(tickers: readonly Ticker[], split: SplitPair, receivedAt: number): Answer<Observation> {
  return readObservations(tickers.filter(trades), receivedAt, (ticker) =>
    readTicker(ticker as Ticker, split, receivedAt),
  )
}

/** Of a pair that nobody has traded for a day, the last price may be years old, and the answer does not say how old. */
function trades({ last, quoteVolume, baseVolume }: Ticker): boolean {
  return last !== null && last !== '' && amountOf(last) !== 0 && (amountOf(quoteVolume) ?? amountOf(baseVolume)) !== 0
}

function readTicker(ticker: Ticker, split: SplitPair, receivedAt: number): RowReading<Observation> {
  const pair = textOf(ticker.pair, MAX_PAIR)
  const parts = pair === null ? null : split(pair)
  if (pair !== null && parts === null) return { fault: { reason: 'pair: of unknown currencies', id: pair } }
  const said = {
    key: pair ?? ticker.pair,
    symbol: parts?.base,
    currency: parts?.quote,
    price: ticker.last ?? null,
    volume24h: quoteVolumeOf(ticker),
    high24h: ticker.high,
    low24h: ticker.low,
    observedAtMs: amountOf(ticker.at),
  }
  const reading = readObservation(said, receivedAt)
  return reading.row?.price === null ? { fault: { reason: 'price: missing', id: pair } } : reading
}

const MAX_PAIR = 64

function quoteVolumeOf({ quoteVolume, baseVolume, last }: Ticker): number | null {
  const [said, base, price] = [quoteVolume, baseVolume, last].map(amountOf)
  return said ?? (base != null && price != null ? base * price : null)
}

/** The fields of an answer that is an object of rows by pair, or a SourceError. */
export function entriesIn(body: unknown, path: string): [string, unknown][] {
  if (isObject(body)) return Object.entries(body)
  throw new SourceError({ kind: 'failed', message: 'the answer is not an object' }, path)
}
