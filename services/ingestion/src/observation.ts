import type { Changes } from '@crypto-signals/contracts'
import type { Contract } from './demand.ts'

/**
 * What one source said of one thing it prices, in its own terms: not yet known to be of a coin of ours, and not yet in dollars. Null is
 * what it did not say. Every number is finite and within the bounds of a quote's; every instant is at most the time of receipt.
 */
export interface Observation {
  /** The source's own stable name of what is priced: a CoinGecko or CoinPaprika id, a pair (`1000PEPEUSDT`), `<platform>:<contract>`. */
  key: string
  /** Of a pair: the traded symbol as the source writes it (`1000PEPE`); else the coin's symbol, null if not said. */
  symbol: string | null
  name: string | null
  image: string | null
  /** What the amounts but market cap are in, upper case: `USD`, `USDT`, `BTC`, `KRW`. */
  currency: string
  price: number | null
  /** The whole market's, or on an exchange this pair's alone. */
  volume24h: number | null
  high24h: number | null
  low24h: number | null
  marketCapUsd: number | null
  marketCapRank: number | null
  circulatingSupply: number | null
  changePct: Changes | null
  /** As a quote's. */
  sparkline: number[] | null
  /** The token's contract on its main platform, of sources with ids of their own that tell it; left out or null by all others. */
  contract?: Contract | null
  /** When the price was so, ms since the epoch; where the source does not say, when it was received. */
  observedAtMs: number
}
