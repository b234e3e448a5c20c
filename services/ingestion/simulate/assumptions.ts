/** What one source is taken to know of the coins, and how fast. */
export interface SourceAssumption {
  /** Of 17,142 listed coins; scaled where there are fewer. */
  coins: number
  /** How old what it tells may be: it looks anew this often. */
  refreshMs: number
  /** Where the numbers are from. */
  grounds: string
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

/** Coins that the assumptions below speak of. */
export const LISTED_COINS = 17_142
/** Never priced by anyone: they count in no age. */
export const UNPRICED_SHARE = 0.015
/** Coins that an exchange trades. */
export const TRADED_COINS = 3_500
/** Pairs whose coins CoinGecko's lists of exchange tickers tell. */
export const MAPPED_PAIRS_SHARE = 0.97
/** Coins with a contract on a platform. */
export const TOKENS = 12_000
/** Answers come after so long. */
export const LATENCY_MS = { least: 150, most: 900 }
/** What a source that is down keeps a call waiting. */
export const OUTAGE_WAIT_MS = 10 * SECOND_MS

const exchange = (coins: number): SourceAssumption => ({
  coins,
  refreshMs: SECOND_MS,
  grounds: 'size of its market; mapped by exchange tickers of CoinGecko',
})

/** Of a source that is not here it is assumed that it knows no coin. */
export const ASSUMPTIONS: Readonly<Record<string, SourceAssumption>> = {
  coingecko: { coins: 17_142, refreshMs: MINUTE_MS, grounds: 'its own list; Demo plan new from 60 s' },
  coinpaprika: { coins: 1_281, refreshMs: 5 * MINUTE_MS, grounds: 'top 2,000, those unique on symbol and name' },
  coinlore: {
    coins: 10_500,
    refreshMs: 2 * MINUTE_MS,
    grounds: '14,000 claimed, matched on symbol and name as Paprika',
  },
  defillama: { coins: 16_285, refreshMs: 5 * MINUTE_MS, grounds: 'by CoinGecko id, 95 % of the list have a price' },
  coinmarketcap: { coins: 8_000, refreshMs: MINUTE_MS, grounds: '10,000 active, matched by contract or name' },
  dexscreener: { coins: 10_200, refreshMs: 15 * SECOND_MS, grounds: '12,000 with a contract, 85 % of them in a pool' },
  geckoterminal: { coins: 10_200, refreshMs: MINUTE_MS, grounds: '12,000 with a contract, 85 % of them in a pool' },
  binance: exchange(400),
  bybit: exchange(500),
  okx: exchange(300),
  kraken: exchange(450),
  kucoin: exchange(850),
  gate: exchange(2_200),
  mexc: exchange(2_300),
  bitget: exchange(780),
  coinbase: exchange(280),
}

/** Rows of a page, and how many a source lists in all, matched or not. */
export const PAGED: Readonly<Record<string, number>> = { coinlore: 14_000, coinmarketcap: 10_000 }

/** The source whose stream brings trades; of others' streams nothing is assumed. */
export const TRADE_STREAM = 'binance'

/** On that stream, which sends what traded within the second: the time between two trades of its busiest and its quietest coin. */
export const TRADE_EVERY_MS = { busiest: SECOND_MS, quietest: 60 * SECOND_MS }
