import { type Coin, DAY_MS, HOUR_MS, lastUpdatedMs, listedAtMs } from './coin.ts'
import { SPANS_MS, type Span } from './factors.ts'
import { chance } from './hash.ts'
import type { Market } from './market.ts'
import { decimals, rounderOf, roundTo } from './rounding.ts'
import type { Snapshot } from './snapshot.ts'

/** What a row of /coins/markets is asked to have beside what each has. */
export interface RowOptions {
  spans: readonly Span[]
  sparkline: boolean
  /** Whether claims on other coins take part in `market_cap_rank`. */
  withClaims: boolean
}

/** One row of /coins/markets, its fields named as CoinGecko's. */
export const rowOf = (market: Market, snapshot: Snapshot, index: number, options: RowOptions) => {
  const { spans, sparkline, withClaims } = options
  const coin = market.coins[index] as Coin
  const seen = seenOf(market, coin, snapshot.now, sparkline ? 168 : 24)
  const rankWithClaims = (snapshot.ranksWithClaims[index] as number) || null
  return {
    id: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    // CoinGecko's own word for a coin without an image: simulated ones have none.
    image: 'missing_large.png',
    current_price: shown(seen.price),
    market_cap: seen.price === null ? null : (snapshot.caps[index] as number),
    market_cap_rank: withClaims ? rankWithClaims : (snapshot.ranks[index] as number) || null,
    total_volume: seen.volume === null ? null : decimals(seen.volume, seen.volume < 1_000 ? 2 : 0),
    ...dayFields(seen, snapshot.caps[index] as number),
    ...supplyFields(seen),
    ...recordFields(seen),
    roi: roiOf(seen),
    last_updated: lastUpdatedField(coin, snapshot.now),
    market_cap_rank_with_rehypothecated: rankWithClaims,
    ...(sparkline && { sparkline_in_7d: { price: sparklineOf(seen) } }),
    ...changeFields(seen, spans),
  }
}

/** A coin as it is seen now. */
interface Seen {
  readonly coin: Coin
  readonly now: number
  readonly price: number | null
  readonly volume: number | null
  /** At the last whole hours, oldest first. */
  readonly hours: readonly number[]
  readonly low: number | null
  readonly high: number | null
  /** In percent; null where the coin was not there yet. */
  readonly changeOver: (span: Span) => number | null
}

const seenOf = (market: Market, coin: Coin, now: number, count: number): Seen => {
  const price = market.priceAt(coin, now, now)
  const hours = hoursOf(market, coin, now, count)
  const day = price === null ? [] : [...hours.slice(-24), price]
  return {
    coin,
    now,
    price,
    volume: market.volumeAt(coin, now),
    hours,
    low: day.length > 0 ? Math.min(...day) : null,
    high: day.length > 0 ? Math.max(...day) : null,
    changeOver: (span) => {
      const before = market.priceAt(coin, now - SPANS_MS[span], now)
      return price === null || before === null ? null : (price / before - 1) * 100
    },
  }
}

const hoursOf = (market: Market, coin: Coin, now: number, count: number): number[] => {
  const hours: number[] = []
  const last = Math.floor(now / HOUR_MS) * HOUR_MS
  for (let ms = last - (count - 1) * HOUR_MS; ms <= last; ms += HOUR_MS) {
    const price = market.priceAt(coin, ms, now)
    if (price !== null) hours.push(price)
  }
  return hours
}

const dayFields = ({ coin, price, low, high, changeOver }: Seen, cap: number) => {
  const percent = changeOver('24h')
  const change = (value: number | null) =>
    percent === null || value === null ? null : value - value / (1 + percent / 100)
  // Where nobody trades there is a last price but no range of the day.
  const traded = coin.state === 'live'
  return {
    high_24h: traded ? shown(high) : null,
    low_24h: traded ? shown(low) : null,
    price_change_24h: change(price),
    price_change_percentage_24h: percent === null ? null : decimals(percent, 5),
    market_cap_change_24h: change(price === null ? null : cap),
    market_cap_change_percentage_24h: percent === null ? null : decimals(cap === 0 ? 0 : percent, 5),
  }
}

const supplyFields = ({ coin, price }: Seen) => {
  const { seed, supply, baseVolumeUsd, basePriceUsd } = coin
  const issued = supply > 0 ? supply : (baseVolumeUsd * 40) / basePriceUsd
  const unknown = supply * basePriceUsd < 1e10 && chance(seed, 10) < 0.07
  const total = unknown ? null : roundTo(issued * (1 + chance(seed, 11)), 5)
  const max = total === null || chance(seed, 12) < 0.4 ? null : roundTo(total * (1 + chance(seed, 13)), 2)
  const diluted = max ?? total
  return {
    fully_diluted_valuation: price === null || diluted === null ? null : Math.round(price * diluted),
    circulating_supply: supply,
    total_supply: total,
    max_supply: max,
  }
}

// All-time records are drawn, not searched for: a path has no stored history. They give way to what is seen today.
const recordFields = ({ coin, now, price, low, high }: Seen) => {
  const range = coin.motion.sigma * 6
  const highest = coin.basePriceUsd * Math.exp(range * (1 + 2 * chance(coin.seed, 14)))
  const lowest = coin.basePriceUsd * Math.exp(-range * (1 + 2 * chance(coin.seed, 15)))
  return {
    ...recordOf('ath', price, Math.max(highest, high ?? 0), recordDate(coin, now, 16)),
    ...recordOf('atl', price, Math.min(lowest, low ?? Number.POSITIVE_INFINITY), recordDate(coin, now, 17)),
  }
}

const recordOf = (name: 'ath' | 'atl', price: number | null, record: number, date: string) => ({
  [name]: price === null ? null : shown(record),
  [`${name}_change_percentage`]: price === null ? null : decimals((price / record - 1) * 100, 5),
  [`${name}_date`]: price === null ? null : date,
})

const recordDate = (coin: Coin, now: number, key: number): string => {
  const listedAt = listedAtMs(coin, now) ?? Date.UTC(2015 + (coin.seed % 8))
  return new Date(Math.min(listedAt + chance(coin.seed, key) * 700 * DAY_MS, lastUpdatedMs(coin, now))).toISOString()
}

// Told of a few coins, against the price of their first sale.
const roiOf = ({ coin, price }: Seen) => {
  if (price === null || chance(coin.seed, 18) > 0.05) return null
  const times = price / (coin.basePriceUsd * 10 ** (chance(coin.seed, 19) * 3 - 2)) - 1
  return { times, currency: 'usd', percentage: times * 100 }
}

const lastUpdatedField = (coin: Coin, now: number): string | null =>
  coin.state === 'unpriced' && coin.seed % 2 === 0 ? null : new Date(lastUpdatedMs(coin, now)).toISOString()

const sparklineOf = ({ coin, hours, price }: Seen): number[] => {
  if (price === null || (coin.state === 'dead' && coin.seed % 2 === 0)) return []
  return hours.map(rounderOf(Math.min(...hours), 7))
}

const changeFields = ({ changeOver }: Seen, spans: readonly Span[]) =>
  Object.fromEntries(spans.map((span) => [`price_change_percentage_${span}_in_currency`, changeOver(span)]))

const shown = (price: number | null): number | null => (price === null ? null : roundTo(price, 7))
