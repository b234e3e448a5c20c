import type { ListedCoin } from '@crypto-signals/store'
import { isDollar } from '../dollars.ts'
import type { Observation } from '../observation.ts'

/** An observation that is known to be of a coin of ours, in dollars per coin: multipliers taken out, currencies converted. */
export interface Sighting extends Omit<Observation, 'currency' | 'price' | 'volume24h' | 'high24h' | 'low24h'> {
  coinId: string
  /** The currency that the amounts were said in; null if that was dollars. */
  convertedFrom: string | null
  priceUsd: number | null
  volumeUsd24h: number | null
  high24hUsd: number | null
  low24hUsd: number | null
}

/** What an observation is of, and how its amounts become dollars per coin. */
export interface Measure {
  coin: ListedCoin
  symbol: string | null
  name: string | null
  /** What one of its currency is worth. */
  usd: number
  multiplier: number
}

export function sightingOf(row: Observation, { coin, symbol, name, usd, multiplier }: Measure): Sighting {
  // What changed against another currency changed otherwise against the dollar.
  const inDollars = isDollar(row.currency)
  const perCoin = usd / multiplier
  return {
    coinId: coin.id,
    convertedFrom: row.currency === 'USD' ? null : row.currency,
    key: row.key,
    symbol,
    name,
    image: row.image,
    priceUsd: amount(row.price, perCoin) || null,
    volumeUsd24h: amount(row.volume24h, usd),
    high24hUsd: inDollars ? amount(row.high24h, perCoin) || null : null,
    low24hUsd: inDollars ? amount(row.low24h, perCoin) || null : null,
    marketCapUsd: row.marketCapUsd,
    marketCapRank: row.marketCapRank,
    circulatingSupply: row.circulatingSupply,
    changePct: inDollars ? row.changePct : null,
    sparkline: row.sparkline,
    observedAtMs: row.observedAtMs,
  }
}

/** As a quote's amounts are bounded. */
function amount(said: number | null, factor: number): number | null {
  const product = said === null ? null : said * factor
  return product !== null && product >= 0 && product <= MAX_USD ? product : null
}

const MAX_USD = 1e30
