import { type Fault, faultsOf, type SourceFaults } from '../faults/fault.ts'
import { type Coin, DAY_MS } from '../market/coin.ts'
import { chance, hash, noise, seedOf } from '../market/hash.ts'
import type { World } from './world.ts'

/** The world as one source sees it: some time late, a little off, and with what its faults make of it. */
export interface View {
  readonly world: World
  readonly faults: SourceFaults
  /** The moment that it tells of now. */
  seenAt(): number
  /** US dollars at that moment; null without a price. */
  priceOf(index: number, seenAt: number): number | null
  /** The same at any time, of the coin that it means at `seenAt`. */
  priceAt(index: number, ms: number, seenAt: number): number | null
  volumeOf(index: number, seenAt: number): number | null
  dayOf(index: number, seenAt: number): DayOf | null
  /** How many times too large its prices of a coin are. */
  wrongnessOf(id: string, seenAt: number): number
  /** In percent over a span, null where there was no price. */
  changeOf(index: number, spanMs: number, seenAt: number): number | null
}

interface DayOf {
  open: number
  high: number
  low: number
}

export interface ViewOptions {
  name: string
  /** How often it looks, ms. */
  refreshMs: number
  /** How far its prices are off, as a share: a typical coin's. */
  spread: number
}

export const viewOf = (world: World, faults: readonly Fault[], { name, refreshMs, spread }: ViewOptions): View => {
  const { market, clock } = world
  const own = faultsOf(faults, name)
  const seed = seedOf(world.seed, name)

  const meant = (index: number, now: number): Coin => {
    const coin = world.coinAt(index)
    const reuse = own('symbol-reuse', now).find(({ coinId }) => coinId === coin.id)
    const becomes = reuse && market.indexOf(reuse.becomesId)
    return becomes === undefined ? coin : world.coinAt(becomes)
  }
  const wrongnessOf = (id: string, now: number) =>
    own('wrong-prices', now).reduce((factor, fault) => (fault.coinIds.includes(id) ? factor * fault.factor : factor), 1)
  const off = (coin: Coin, ms: number) =>
    1 + spread * (chance(coin.seed, seed % 997) - 0.5 + 0.3 * noise(hash(coin.seed ^ seed, Math.floor(ms / 60_000))))

  const priceAt = (index: number, ms: number, seenAt: number): number | null => {
    const coin = meant(index, seenAt)
    const price = market.priceAt(coin, ms, seenAt)
    return price === null ? null : price * off(coin, ms) * wrongnessOf(world.coinAt(index).id, seenAt)
  }
  return {
    world,
    faults: own,
    seenAt() {
      const now = clock.now()
      const lagMs = own('lag', now).reduce((longest, fault) => Math.max(longest, fault.lagMs), 0)
      return Math.floor((now - lagMs) / refreshMs) * refreshMs
    },
    wrongnessOf,
    priceAt,
    priceOf: (index, seenAt) => priceAt(index, seenAt, seenAt),
    volumeOf: (index, seenAt) => market.volumeAt(meant(index, seenAt), seenAt),
    dayOf(index, seenAt) {
      const price = priceAt(index, seenAt, seenAt)
      if (price === null) return null
      const range = world.dayRangeOf(market.indexOf(meant(index, seenAt).id) ?? index, seenAt)
      return {
        open: priceAt(index, seenAt - DAY_MS, seenAt) ?? price,
        high: Math.max(price, range?.high ?? 0),
        low: Math.min(price, range?.low ?? price),
      }
    },
    changeOf(index, spanMs, seenAt) {
      const [price, before] = [priceAt(index, seenAt, seenAt), priceAt(index, seenAt - spanMs, seenAt)]
      return price === null || before === null ? null : (price / before - 1) * 100
    },
  }
}
