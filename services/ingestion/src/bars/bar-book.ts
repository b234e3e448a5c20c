import type { Bar, BarInterval } from '@crypto-signals/contracts'

/** Builds bars of every coin from prices by the time they were so, and remembers enough of them to tell changes. */
export interface BarBook {
  /** Reads what the store holds. */
  recall(): Promise<void>
  /** Takes a price in: a late one goes into the bar it belongs to, a repeated one changes nothing. */
  tick(coinId: string, priceUsd: number, observedAtMs: number, volumeUsd24h: number | null): void
  /** Puts past bars in where none of our own are. */
  fill(coinId: string, interval: BarInterval, bars: readonly Bar[]): void
  /** The price at a moment as our bars tell it: the close of the last bar that ended by then, if it ended not long before; else null. */
  priceAt(coinId: string, atMs: number): number | null
  /** High and low of the 24 h up to `nowMs`, null unless bars cover them. */
  rangeOf(coinId: string, nowMs: number): { high: number; low: number } | null
  /** Hourly closes of the 7 days up to `nowMs`, oldest first, the price now last; null unless most of them are known. */
  sparklineOf(coinId: string, nowMs: number): number[] | null
  /** Writes the bars that have changed since. */
  flush(): Promise<void>
}
