import { BAR_MS, type Bar } from '@crypto-signals/contracts'
import type { BarSeries } from './store.ts'

/**
 * Bars one after the other, oldest first, six words of four bytes each: when it opened in units of 5 minutes since the epoch, with the
 * top bit set where it was filled, then open, high, low, close and volume as 32-bit floats (NaN: not known). Little-endian, as is every
 * machine that Node.js runs on but one.
 */
export type PackedBars = Uint32Array<ArrayBuffer>

const WORDS = 6
const UNIT_MS = BAR_MS['5m']
const FILLED = 2 ** 31

/** Throws a `RangeError` when a bar did not open at a multiple of 5 minutes, or bars do not ascend. */
export function packBars({ openedAtMs, open, high, low, close, volumeUsd, filled }: BarSeries): PackedBars {
  const words = new Uint32Array(openedAtMs.length * WORDS)
  const values = new Float32Array(words.buffer)
  let before = -1
  for (let index = 0, at = 0; index < openedAtMs.length; index++, at += WORDS) {
    const unit = (openedAtMs[index] as number) / UNIT_MS
    if (!Number.isInteger(unit) || unit >= FILLED || unit <= before) throw misplaced(openedAtMs[index] as number)
    before = unit
    words[at] = filled[index] === 1 ? unit + FILLED : unit
    values[at + 1] = open[index] as number
    values[at + 2] = high[index] as number
    values[at + 3] = low[index] as number
    values[at + 4] = close[index] as number
    values[at + 5] = volumeUsd[index] as number
  }
  return words
}

const misplaced = (openedAtMs: number) => new RangeError(`no bar opens at ${openedAtMs} here`)

/** The bars of both, in their order; of two that opened at the same moment the one in `news`. The newest `kept` stay. */
export function mergeBars(old: PackedBars, news: PackedBars, kept: number): PackedBars {
  const merged = new Uint32Array(old.length + news.length)
  let [end, o, n] = [0, 0, 0]
  while (o < old.length || n < news.length) {
    const [opened, next] = [unitAt(old, o), unitAt(news, n)]
    const from = opened < next ? old : news
    const at = opened < next ? o : n
    merged.set(from.subarray(at, at + WORDS), end)
    end += WORDS
    if (opened <= next) o += WORDS
    if (next <= opened) n += WORDS
  }
  return merged.slice(Math.max(0, end - kept * WORDS), end)
}

/** The bytes of bars, as they are stored. */
export const bytesOf = (bars: PackedBars) => new Uint8Array(bars.buffer, bars.byteOffset, bars.byteLength)

/** The bars in what was stored; a copy, as words must begin at a multiple of four bytes. */
export function barsIn(bytes: Uint8Array): PackedBars {
  const own = new Uint8Array(bytes.byteLength - (bytes.byteLength % (4 * WORDS)))
  own.set(bytes.subarray(0, own.length))
  return new Uint32Array(own.buffer)
}

export const NO_BARS: PackedBars = new Uint32Array(0)

/** The same bars in columns. */
export function seriesOf(bars: PackedBars): BarSeries {
  const values = new Float32Array(bars.buffer, bars.byteOffset, bars.length)
  const count = bars.length / WORDS
  const series = emptySeries(count)
  const { openedAtMs, open, high, low, close, volumeUsd, filled } = series
  for (let index = 0, at = 0; index < count; index++, at += WORDS) {
    openedAtMs[index] = unitAt(bars, at) * UNIT_MS
    open[index] = values[at + 1] as number
    high[index] = values[at + 2] as number
    low[index] = values[at + 3] as number
    close[index] = values[at + 4] as number
    volumeUsd[index] = values[at + 5] as number
    filled[index] = (bars[at] as number) >= FILLED ? 1 : 0
  }
  return series
}

/** The bars that opened from `fromMs` to before `toMs`, as the contracts have them. */
export function barsBetween(bars: PackedBars, { fromMs, toMs }: { fromMs: number; toMs: number }): Bar[] {
  const series = seriesOf(bars)
  const found: Bar[] = []
  for (const [index, openedAt] of series.openedAtMs.entries()) {
    if (openedAt >= fromMs && openedAt < toMs) found.push(barAt(series, index))
  }
  return found
}

const emptySeries = (count: number): BarSeries => ({
  openedAtMs: new Float64Array(count),
  open: new Float32Array(count),
  high: new Float32Array(count),
  low: new Float32Array(count),
  close: new Float32Array(count),
  volumeUsd: new Float32Array(count),
  filled: new Uint8Array(count),
})

function barAt({ openedAtMs, open, high, low, close, volumeUsd, filled }: BarSeries, index: number): Bar {
  const volume = volumeUsd[index] as number
  return {
    openedAt: new Date(openedAtMs[index] as number).toISOString(),
    open: digits(open[index] as number),
    high: digits(high[index] as number),
    low: digits(low[index] as number),
    close: digits(close[index] as number),
    volumeUsd: Number.isNaN(volume) ? null : digits(volume),
    filled: filled[index] === 1,
  }
}

/** As many digits as a 32-bit float holds. */
const digits = (value: number) => Number(value.toPrecision(7))

/** When the bar at a word opened; past the end, later than any. */
const unitAt = (bars: PackedBars, at: number) => (at < bars.length ? (bars[at] as number) % FILLED : FILLED)
