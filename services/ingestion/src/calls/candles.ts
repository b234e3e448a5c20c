import { BAR_MS, BARS_KEPT, type Bar, type BarInterval } from '@crypto-signals/contracts'
import { amountOf } from './reading.ts'

/** A bar as an exchange tells it: nothing of it is trusted yet. */
export interface Candle {
  /** Milliseconds since the epoch. */
  openedAt: unknown
  open: unknown
  high: unknown
  low: unknown
  close: unknown
  /** In the quote currency. */
  volume: number | null
}

/** The bars that candles of a pair in dollars make, oldest first: those that are whole and over. Of two of the same moment the last stays. */
export function readCandles(candles: readonly Candle[], interval: BarInterval, now: number): Bar[] {
  const bars = new Map<number, Bar>()
  for (const candle of candles) {
    const openedAt = amountOf(candle.openedAt) ?? 0
    const isOver = openedAt > 0 && openedAt + BAR_MS[interval] <= now
    const bar = isOver && openedAt % BAR_MS[interval] === 0 ? barOf(candle, openedAt) : null
    if (bar !== null) bars.set(openedAt, bar)
  }
  const ordered = [...bars].sort(([a], [b]) => a - b).map(([, bar]) => bar)
  return ordered.slice(-BARS_KEPT[interval])
}

function barOf(candle: Candle, openedAt: number): Bar | null {
  const [open, high, low, close] = [candle.open, candle.high, candle.low, candle.close].map(amountOf)
  if (!open || !high || !low || !close) return null
  if (high < Math.max(open, close, low) || low > Math.min(open, close)) return null
  const volumeUsd = amountOf(candle.volume)
  return { openedAt: new Date(openedAt).toISOString(), open, high, low, close, volumeUsd, filled: true }
}

/** The fields of a candle that is a list, by their places in it. `volume` is in the quote currency. */
export function candleAt(places: Record<'openedAt' | 'open' | 'high' | 'low' | 'close' | 'volume', number>) {
  return (row: unknown): Candle => {
    const at = (place: number): unknown => (Array.isArray(row) ? row[place] : undefined)
    const { openedAt, open, high, low, close, volume } = places
    const amounts = { open: at(open), high: at(high), low: at(low), close: at(close) }
    return { openedAt: at(openedAt), ...amounts, volume: amountOf(at(volume)) }
  }
}

/** A candle in the order that Binance gave it, and others after it. */
export const klineOf = candleAt({ openedAt: 0, open: 1, high: 2, low: 3, close: 4, volume: 7 })

/** The same where the volume is in the base currency and the time in seconds. */
export function secondsCandleAt(places: Parameters<typeof candleAt>[0]) {
  const read = candleAt(places)
  return (row: unknown): Candle => {
    const candle = read(row)
    const [seconds, close] = [amountOf(candle.openedAt), amountOf(candle.close)]
    const volume = candle.volume === null || close === null ? null : candle.volume * close
    return { ...candle, openedAt: seconds === null ? null : seconds * 1000, volume }
  }
}
