import { BAR_MS, type Bar, type BarInterval } from '@crypto-signals/contracts'
import type { BarSeries } from '@crypto-signals/store'
import type { BarRow } from './live-bars.ts'
import { memo } from './memo.ts'

/** A bar of columns. */
export const rowAt = (series: BarSeries, index: number, lengthMs: number): BarRow => ({
  unit: (series.openedAtMs[index] as number) / lengthMs,
  open: series.open[index] as number,
  high: series.high[index] as number,
  low: series.low[index] as number,
  close: series.close[index] as number,
  volumeUsd: series.volumeUsd[index] as number,
  filled: series.filled[index] === 1,
})

/** Bars in columns, oldest first. */
export function columnsOf(rows: BarRow[], lengthMs: number): BarSeries {
  rows.sort((a, b) => a.unit - b.unit)
  return {
    openedAtMs: Float64Array.from(rows, ({ unit }) => unit * lengthMs),
    open: Float32Array.from(rows, ({ open }) => open),
    high: Float32Array.from(rows, ({ high }) => high),
    low: Float32Array.from(rows, ({ low }) => low),
    close: Float32Array.from(rows, ({ close }) => close),
    volumeUsd: Float32Array.from(rows, ({ volumeUsd }) => volumeUsd),
    filled: Uint8Array.from(rows, ({ filled }) => (filled ? 1 : 0)),
  }
}

/** The bars from outside that can be bars of this length: whole, positive and in their place. */
export function filledRows(bars: readonly Bar[], interval: BarInterval): BarRow[] {
  return bars.map((bar) => filledRow(bar, BAR_MS[interval])).filter(isSound)
}

const filledRow = ({ openedAt, open, high, low, close, volumeUsd }: Bar, lengthMs: number): BarRow => ({
  unit: msOf(openedAt) / lengthMs,
  open: Math.fround(open),
  high: Math.fround(Math.max(open, high, low, close)),
  low: Math.fround(Math.min(open, high, low, close)),
  close: Math.fround(close),
  volumeUsd: volumeUsd === null ? Number.NaN : Math.fround(volumeUsd),
  filled: true,
})

// Beyond what a 32-bit float holds a price is Infinity or 0; what is not a number makes all of it so.
const isSound = ({ unit, high, low }: BarRow) => Number.isInteger(unit) && low > 0 && high < Number.POSITIVE_INFINITY

// The same few instants come with every coin.
const msOf = memo((instant: string) => Date.parse(instant))
