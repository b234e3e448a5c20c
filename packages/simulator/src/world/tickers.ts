import { chance } from '../market/hash.ts'
import { pathAt } from '../market/path.ts'
import type { Pair } from './listing.ts'
import type { View } from './view.ts'

/** A pair's last 24 h in its quote currency. */
export interface Ticker {
  readonly pair: Pair
  readonly last: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly bid: number
  readonly ask: number
  readonly baseVolume: number
  readonly quoteVolume: number
}

/** What an exchange says of a pair at a moment; null where the coin has no price. */
export const tickerOf = (view: View, pair: Pair, seenAt: number): Ticker | null => {
  const quoteUsd = usdOfQuote(view, pair.quote, seenAt)
  if (quoteUsd === null) return null
  const day = pair.index === null ? leveragedDay(pair, seenAt) : view.dayOf(pair.index, seenAt)
  const usd = pair.index === null ? leveragedPrice(pair, seenAt) : view.priceOf(pair.index, seenAt)
  if (day === null || usd === null) return null
  const factor = pair.multiplier / quoteUsd
  const last = usd * factor
  const halfSpread = 0.0002 + 0.003 * chance(pair.seed, 1)
  const quoteVolume = volumeUsdOf(view, pair, seenAt) / quoteUsd
  return {
    pair,
    last,
    open: day.open * factor,
    high: day.high * factor,
    low: day.low * factor,
    bid: last * (1 - halfSpread),
    ask: last * (1 + halfSpread),
    baseVolume: quoteVolume / last,
    quoteVolume,
  }
}

/** Dollars traded over 24 h: a pair's share of what the coin trades everywhere. */
const volumeUsdOf = (view: View, pair: Pair, seenAt: number): number => {
  const whole = pair.index === null ? 1e5 : (view.volumeOf(pair.index, seenAt) ?? 0)
  return whole * 0.3 * chance(pair.seed, 2) ** 2
}

// Kraken's names among them.
const usdOfQuote = ({ world }: View, quote: string, ms: number) => world.fiat.usdOf(quote === 'XBT' ? 'BTC' : quote, ms)

const leveragedPrice = ({ seed }: Pair, ms: number) => Math.exp(2 * chance(seed, 3) + 0.1 * pathAt(seed, ms))

const leveragedDay = (pair: Pair, ms: number) => {
  const [open, price] = [leveragedPrice(pair, ms - 86_400_000), leveragedPrice(pair, ms)]
  return { open, high: Math.max(open, price), low: Math.min(open, price) }
}

export interface Candle {
  openedAtMs: number
  open: number
  high: number
  low: number
  close: number
  baseVolume: number
  quoteVolume: number
}

/** The newest `limit` candles that opened before `endMs`, the running one among them, oldest first. */
export const candlesOf = (
  view: View,
  pair: Pair,
  { intervalMs, limit, endMs }: { intervalMs: number; limit: number; endMs: number },
): Candle[] => {
  const seenAt = view.seenAt()
  const priceAt = (ms: number): number | null => {
    const quoteUsd = usdOfQuote(view, pair.quote, ms)
    const usd = pair.index === null ? leveragedPrice(pair, ms) : view.priceAt(pair.index, ms, seenAt)
    return usd === null || quoteUsd === null ? null : (usd * pair.multiplier) / quoteUsd
  }
  const volumeUsd = volumeUsdOf(view, pair, seenAt) * (intervalMs / 86_400_000)
  const newest = Math.floor(Math.min(endMs - 1, seenAt) / intervalMs) * intervalMs
  return Array.from({ length: limit }, (_, index) => newest - (limit - 1 - index) * intervalMs).flatMap(
    (openedAtMs) => {
      const points = [0, 0.5, 1].map((part) => priceAt(Math.min(openedAtMs + part * intervalMs, seenAt)))
      if (points.includes(null)) return []
      const known = points as number[]
      const [open, close] = [known[0] as number, known[2] as number]
      const baseVolume = volumeUsd / close
      return {
        openedAtMs,
        open,
        high: Math.max(...known),
        low: Math.min(...known),
        close,
        baseVolume,
        quoteVolume: volumeUsd,
      }
    },
  )
}
