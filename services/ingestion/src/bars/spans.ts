import { BAR_INTERVALS, BAR_MS, BARS_KEPT, type BarInterval } from '@crypto-signals/contracts'
import { sevenDigits } from './digits.ts'
import type { Series } from './series.ts'

/** A price, and the moment it is of. */
export interface PastPrice {
  readonly priceUsd: number
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

export type SeriesByInterval = Readonly<Record<BarInterval, Series>>

/**
 * The close of the last bar that had ended by `atMs`, at most one and a half of its lengths before: of the shortest bars that reach
 * there or, where those tell nothing, of longer ones, if what they may be off is little beside the time that has passed since.
 */
export function priceAt(series: SeriesByInterval, slot: number, atMs: number, nowMs: number): PastPrice | null {
  const agoMs = nowMs - atMs
  let isShortest = true
  for (const interval of BAR_INTERVALS) {
    const lengthMs = BAR_MS[interval]
    if (agoMs > BARS_KEPT[interval] * lengthMs) continue
    if (!isShortest && agoMs < LEAST_RATIO * SLACK * lengthMs) return null
    const last = lastBy(series[interval], slot, atMs)
    if (last !== null) return last
    isShortest = false
  }
  return null
}

const SLACK = 1.5
const LEAST_RATIO = 10

/** The close of the last bar that had ended by `atMs`, and when it did. */
function lastBy(series: Series, slot: number, atMs: number): PastPrice | null {
  const lengthMs = BAR_MS[series.interval]
  const ended = Math.floor(atMs / lengthMs)
  for (let end = ended; atMs - end * lengthMs <= SLACK * lengthMs; end--) {
    const close = series.closeOf(slot, end - 1)
    if (close !== 0) return { priceUsd: sevenDigits(close), atMs: end * lengthMs }
  }
  return null
}

/** High and low of the 24 h up to `nowMs`, null where more than an hour of them is not known. */
export function rangeOf(series: Series, slot: number, nowMs: number): { high: number; low: number } | null {
  const last = Math.floor(nowMs / FIVE_MINUTES_MS)
  const first = last - DAY_BARS + 1
  let [high, low, seen] = [0, Number.POSITIVE_INFINITY, first - 1]
  for (let unit = first; unit <= last; unit++) {
    const top = series.high(slot, unit)
    if (top === 0) continue
    if (unit - seen > LONGEST_GAP_BARS + 1) return null
    high = Math.max(high, top)
    low = Math.min(low, series.low(slot, unit))
    seen = unit
  }
  return last - seen > LONGEST_GAP_BARS ? null : { high: sevenDigits(high), low: sevenDigits(low) }
}

const FIVE_MINUTES_MS = BAR_MS['5m']
const DAY_BARS = BAR_MS['1d'] / FIVE_MINUTES_MS
const LONGEST_GAP_BARS = BAR_MS['1h'] / FIVE_MINUTES_MS

/** Hourly closes of 7 days, the price now last; where an hour is not known, the price before. Null unless three quarters are known, and the price of this hour or the last. */
export function sparklineOf(series: Series, slot: number, nowMs: number): number[] | null {
  const thisHour = Math.floor(nowMs / BAR_MS['1h'])
  const now = series.closeOf(slot, thisHour) || series.closeOf(slot, thisHour - 1)
  const closes = Array.from({ length: WEEK_HOURS - 1 }, (_, index) =>
    series.closeOf(slot, thisHour - WEEK_HOURS + 1 + index),
  )
  const known = closes.filter((close) => close !== 0)
  if (now === 0 || known.length < LEAST_KNOWN * WEEK_HOURS) return null
  let before = known[0] as number
  const points = closes.map((close) => {
    before = close || before
    return sevenDigits(before)
  })
  return [...points, sevenDigits(now)]
}

const WEEK_HOURS = 7 * 24
const LEAST_KNOWN = 0.75
