import type { Clock } from '@crypto-signals/clock'
import { type Coin, HOUR_MS } from '../market/coin.ts'
import type { Market } from '../market/market.ts'
import { contractsOf } from './contracts.ts'
import { createFiat, type Fiat } from './fiat.ts'

/** The one market that all sources look at, and what is worked out of it once for all of them. */
export interface World {
  readonly market: Market
  readonly clock: Clock
  readonly fiat: Fiat
  readonly seed: number
  coinAt(index: number): Coin
  /** Positions of coins, by what they are worth on an ordinary day, largest first. */
  bySize(): readonly number[]
  /** The least and the greatest of the last 24 whole hours, null without a price. */
  dayRangeOf(index: number, now: number): { low: number; high: number } | null
  /** The coin that has this contract. */
  byContract(platform: string, address: string): number | undefined
  contractsOf(index: number): Readonly<Record<string, string>>
}

export const worldOf = (market: Market, clock: Clock, seed: number): World => {
  const coinAt = (index: number) => market.coins[index] as Coin
  const contracts = lazily(() => market.coins.map(contractsOf))
  const byAddress = lazily(
    () =>
      new Map(
        contracts().flatMap((platforms, index) =>
          Object.entries(platforms).map(([platform, address]) => [`${platform}:${address.toLowerCase()}`, index]),
        ),
      ),
  )
  return {
    market,
    clock,
    seed,
    fiat: createFiat(market, seed),
    coinAt,
    bySize: lazily(() => sizesOf(market)),
    dayRangeOf: dayRanges(market),
    byContract: (platform, address) => byAddress().get(`${platform}:${address.toLowerCase()}`),
    contractsOf: (index) => contracts()[index] ?? {},
  }
}

/** Worked out when it is first asked for. */
export const lazily = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const sizesOf = ({ coins }: Market): number[] => {
  const sizes = Float64Array.from(coins, ({ supply, basePriceUsd, baseVolumeUsd }) =>
    Math.max(supply * basePriceUsd, baseVolumeUsd),
  )
  return coins.map((_, index) => index).sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b)
}

// Kept for an hour: most of the cost of a day's statistics is here.
const dayRanges = (market: Market) => {
  const known = new Map<number, { low: number; high: number } | null>()
  let hour = 0
  const rangeOf = (index: number, now: number) => {
    const coin = market.coins[index] as Coin
    const prices: number[] = []
    for (let back = 0; back < 24; back++) {
      const price = market.priceAt(coin, hour - back * HOUR_MS, now)
      if (price !== null) prices.push(price)
    }
    return prices.length === 0 ? null : { low: Math.min(...prices), high: Math.max(...prices) }
  }
  return (index: number, now: number) => {
    const current = Math.floor(now / HOUR_MS) * HOUR_MS
    if (current !== hour) known.clear()
    hour = current
    const found = known.get(index)
    if (found !== undefined) return found
    const range = rangeOf(index, now)
    known.set(index, range)
    return range
  }
}
