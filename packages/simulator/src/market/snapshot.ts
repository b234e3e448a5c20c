import type { Market } from './market.ts'

/** The orders in which a market can be listed, named as CoinGecko names them. */
export const ORDERS = ['market_cap_desc', 'market_cap_asc', 'volume_desc', 'volume_asc', 'id_asc', 'id_desc'] as const
export type Order = (typeof ORDERS)[number]

/** The whole market at one moment: what can only be said of a coin when all others are known. */
export interface Snapshot {
  readonly now: number
  /** US dollars, by position in `coins`; NaN without a price. */
  readonly prices: Float64Array
  /** Whole US dollars, 0 where the supply or the price is unknown. */
  readonly caps: Float64Array
  /** From 1, coins of equal caps share one; 0 without a rank. Claims on other coins have none. */
  readonly ranks: Int32Array
  /** The same with the claims on other coins. */
  readonly ranksWithClaims: Int32Array
  /** Positions in `coins`. */
  inOrder(order: Order): Uint32Array
}

export const snapshotOf = (market: Market, now: number): Snapshot => {
  const prices = Float64Array.from(market.coins, (coin) => market.priceAt(coin, now, now) ?? Number.NaN)
  const caps = Float64Array.from(market.coins, ({ supply }, index) => capOf(prices[index] as number, supply))
  const byCap = descending(caps)
  const orders = new Map<string, Uint32Array>([['market_cap', byCap]])
  const ascendingId = () => Uint32Array.from(caps, (_, index) => index)
  const largestFirst = (key: string): Uint32Array => {
    const known = orders.get(key)
    if (known !== undefined) return known
    const order =
      key === 'volume'
        ? descending(Float64Array.from(market.coins, (coin) => market.volumeAt(coin, now) ?? 0))
        : ascendingId().reverse()
    orders.set(key, order)
    return order
  }
  return {
    now,
    prices,
    caps,
    ranks: ranksOf(byCap, caps, (index) => market.coins[index]?.rehypothecated === false),
    ranksWithClaims: ranksOf(byCap, caps, () => true),
    inOrder: (order) => {
      const key = order.slice(0, order.lastIndexOf('_'))
      return order.endsWith('_desc') ? largestFirst(key) : largestFirst(key).toReversed()
    },
  }
}

const capOf = (price: number, supply: number) => (Number.isNaN(price) ? 0 : Math.round(price * supply))

// Equal values by position, so that the order is one and the same every time.
const descending = (values: Float64Array): Uint32Array =>
  Uint32Array.from(values, (_, index) => index).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b)

const ranksOf = (byCap: Uint32Array, caps: Float64Array, counts: (index: number) => boolean): Int32Array => {
  const ranks = new Int32Array(caps.length)
  let rank = 0
  let place = 0
  let lastCap = -1
  for (const index of byCap) {
    const cap = caps[index] as number
    if (cap === 0) break
    if (!counts(index)) continue
    place++
    if (cap !== lastCap) rank = place
    lastCap = cap
    ranks[index] = rank
  }
  return ranks
}
