import { hash } from '../market/hash.ts'
import type { Market } from '../market/market.ts'
import { pathAt } from '../market/path.ts'

/** What a unit of a quote currency is worth in dollars. */
export interface Fiat {
  /** Null where the market has no such currency. */
  usdOf(currency: string, ms: number): number | null
}

export const createFiat = (market: Market, seed: number): Fiat => {
  const coinUsd = (id: string, ms: number): number | null => {
    const coin = market.coins[market.indexOf(id) ?? -1]
    return coin === undefined ? null : market.priceAt(coin, ms, ms)
  }
  return {
    usdOf(currency, ms) {
      const rate = RATES[currency]
      if (rate !== undefined) return rate * Math.exp(DAILY * pathAt(hash(seed, currency.charCodeAt(0)), ms))
      const coinId = COINS[currency]
      return currency === 'USD' ? 1 : coinId === undefined ? null : coinUsd(coinId, ms)
    },
  }
}

const DAILY = 0.004
const RATES: Readonly<Record<string, number>> = { EUR: 1.1, KRW: 1 / 1_400, TRY: 1 / 40, GBP: 1.3 }

/** Coins that others are quoted in. */
export const COINS: Readonly<Record<string, string>> = {
  USDT: 'tether',
  USDC: 'usd-coin',
  BTC: 'bitcoin',
  ETH: 'ethereum',
}
