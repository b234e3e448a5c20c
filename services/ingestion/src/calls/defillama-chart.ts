import { instantOf } from '@crypto-signals/clock'
import { BAR_MS, BARS_KEPT, type Bar, type BarInterval } from '@crypto-signals/contracts'
import { SourceError } from '../source-error.ts'
import { amountOf, fieldOf, listIn, secondsOf } from './reading.ts'

/** The path that asks for the past of one coin, as a part of a URL, up to `now` (ms since the epoch): a price for each bar's end. */
export function chartPath(coin: string, interval: BarInterval, now: number): string {
  const barMs = BAR_MS[interval]
  const points = BARS_KEPT[interval]
  const lastEndMs = Math.floor(now / barMs) * barMs
  const start = (lastEndMs - (points - 1) * barMs) / 1000
  return `/chart/${coin}?start=${start}&span=${points}&period=${interval}`
}

export interface ChartQuestion {
  coin: string
  interval: BarInterval
  path: string
  receivedAt: number
}

/** Bars of which only the close is known, oldest first. A coin that DefiLlama does not price has none. */
export function barsIn(body: unknown, { coin, interval, path, receivedAt }: ChartQuestion): Bar[] {
  const coins = fieldOf(body, 'coins')
  if (typeof coins !== 'object' || coins === null)
    throw new SourceError({ kind: 'failed', message: 'the answer has no coins' }, path)
  const chart = fieldOf(coins, coin)
  if (chart === undefined) return []
  const closes = new Map<number, number>()
  for (const point of listIn(fieldOf(chart, 'prices'), path)) {
    const price = amountOf(fieldOf(point, 'price'))
    const endMs = endNear(secondsOf(fieldOf(point, 'timestamp')), BAR_MS[interval])
    if (price && endMs !== null && endMs <= receivedAt) closes.set(endMs, price)
  }
  const newest = [...closes].sort(([a], [b]) => a - b).slice(-BARS_KEPT[interval])
  return newest.map(([endMs, price]) => barOf(endMs - BAR_MS[interval], price))
}

/** The end of a bar that a price is of: prices come from near the moments that were asked for. */
function endNear(at: number | null, barMs: number): number | null {
  if (at === null) return null
  const endMs = Math.round(at / barMs) * barMs
  return endMs >= barMs && Math.abs(at - endMs) <= barMs / 4 ? endMs : null
}

const barOf = (openedAtMs: number, price: number): Bar => ({
  openedAt: instantOf(openedAtMs),
  open: price,
  high: price,
  low: price,
  close: price,
  volumeUsd: null,
  filled: true,
})
