import type { Clock } from '@crypto-signals/clock'
import { BAR_INTERVALS, type Bar, type BarInterval } from '@crypto-signals/contracts'
import type { BarStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import { recallBars } from './recall.ts'
import { filledRows } from './rows.ts'
import { createSeries } from './series.ts'
import { createSlots } from './slots.ts'
import { type PastPrice, priceAt, rangeOf, type SeriesByInterval, sparklineOf } from './spans.ts'
import { createWriter } from './writer.ts'

/** Builds bars of every coin from prices by the time they were so, and remembers enough of them to tell changes. */
export interface BarBook {
  /** Reads what the store holds; rejects with the signal's reason. */
  recall(signal?: AbortSignal): Promise<void>
  /** Takes a price in: a late one goes into the bar it belongs to, a repeated one changes nothing. */
  tick(coinId: string, priceUsd: number, observedAtMs: number, volumeUsd24h: number | null): void
  /** Puts past bars in where there are none. */
  fill(coinId: string, interval: BarInterval, bars: readonly Bar[]): void
  /** How many bars of a coin there are. */
  known(coinId: string, interval: BarInterval): number
  /** The price at a moment as our bars tell it: the close of the last bar that ended by then, and when it did, if not long before; else null. */
  priceAt(coinId: string, atMs: number): PastPrice | null
  /** High and low of the 24 h up to `nowMs`, null unless bars cover them. */
  rangeOf(coinId: string, nowMs: number): { high: number; low: number } | null
  /** Hourly closes of the 7 days up to `nowMs`, oldest first, the price now last; null unless most of them are known. */
  sparklineOf(coinId: string, nowMs: number): number[] | null
  /** Writes the bars whose turn it is, of those that have changed; what cannot be written is kept for the next time, and told in the log. */
  flush(): Promise<void>
  /** Writes all that have changed, whosever turn it is, the shortest first; when `signal` is aborted it ends after the batch it is at. */
  flushAll(signal?: AbortSignal): Promise<void>
}

interface BarBookOptions {
  bars: BarStore
  clock: Clock
  log: Logger
}

export function createBarBook({ bars, clock, log }: BarBookOptions): BarBook {
  const slots = createSlots()
  const series: SeriesByInterval = { '5m': createSeries('5m'), '1h': createSeries('1h'), '1d': createSeries('1d') }
  const writer = createWriter({ bars, series, slots, clock, log })
  return {
    recall: (signal) => recallBars(bars, { slots, series, clock }, signal),
    tick(coinId, priceUsd, observedAtMs, volumeUsd24h) {
      const price = Math.fround(priceUsd)
      if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return
      const [slot, nowMs] = [slots.of(coinId), clock.now()]
      const volumeUsd = volumeUsd24h === null ? Number.NaN : Math.fround(volumeUsd24h)
      for (const interval of BAR_INTERVALS) {
        const tick = { price, atMs: observedAtMs, volumeUsd: interval === '1d' ? volumeUsd : Number.NaN }
        series[interval].tick(slot, tick, nowMs)
      }
    },
    fill: (coinId, interval, past) => series[interval].fill(slots.of(coinId), filledRows(past, interval), clock.now()),
    known: (coinId, interval) => series[interval].known(slots.of(coinId)),
    priceAt: (coinId, atMs) => priceAt(series, slots.of(coinId), atMs, clock.now()),
    rangeOf: (coinId, nowMs) => rangeOf(series['5m'], slots.of(coinId), nowMs),
    sparklineOf: (coinId, nowMs) => sparklineOf(series['1h'], slots.of(coinId), nowMs),
    flush: writer.flush,
    flushAll: writer.flushAll,
  }
}
