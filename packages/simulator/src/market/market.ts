import { type Coin, lastUpdatedMs, listedAtMs } from './coin.ts'
import { factorsOf } from './factors.ts'
import { hash } from './hash.ts'
import { pathAt } from './path.ts'
import { universeOf } from './universe.ts'

/** A market of invented coins: everything in it follows from the seed and the time that is asked for. */
export interface Market {
  readonly coins: readonly Coin[]
  /** The position in `coins`. */
  indexOf(id: string): number | undefined
  /** The price at a time, null where there is none yet or never was. Dead coins keep the price that they have `now`. */
  priceAt(coin: Coin, ms: number, now: number): number | null
  /** The volume of the last 24 h; null where nobody reports one. */
  volumeAt(coin: Coin, now: number): number | null
}

export const marketOf = (seed: number, count: number): Market => {
  const coins = universeOf(seed, count)
  const indexes = new Map(coins.map(({ id }, index) => [id, index]))
  const factorAt = factorsOf(hash(seed, 2))

  const priceOf = ({ motion, basePriceUsd }: Coin, ms: number): number =>
    basePriceUsd * Math.exp(factorAt(motion, ms) + motion.sigma * pathAt(motion.seed, ms, motion.scales))

  return {
    coins,
    indexOf: (id) => indexes.get(id),
    priceAt: (coin, ms, now) => {
      if (coin.state === 'unpriced') return null
      const firstMs = coin.state === 'dead' ? lastUpdatedMs(coin, now) : listedAtMs(coin, now)
      if (firstMs !== null && ms < firstMs) return null
      return priceOf(coin, coin.state === 'dead' ? (firstMs ?? ms) : ms)
    },
    volumeAt: (coin, now) => {
      if (coin.state !== 'live') return coin.state === 'dead' && coin.seed % 5 < 2 ? 0 : null
      return coin.baseVolumeUsd * Math.exp(0.4 * pathAt(hash(coin.seed, 1), now, VOLUME_SCALES))
    },
  }
}

/** Volumes swing about their ordinary size within a day or two and do not wander off. */
const VOLUME_SCALES = 6
