import type { Observation } from '../observation.ts'
import { createFiatRates } from './fiat-rates.ts'
import type { PriceOf } from './reference.ts'

/** What the currencies that coins are priced in are worth. */
export interface Currencies {
  /** Dollars for one; null where that is not known of late. */
  usdPer(currency: string, nowMs: number): number | null
  /** Takes in what an exchange's pair of `coinId` (null if not known) says of a fiat currency. */
  note(source: string, row: Observation, coinId: string | null, nowMs: number): void
}

export function createCurrencies(priceOf: PriceOf): Currencies {
  const fiat = createFiatRates()
  const usdPerCoin = (coinId: string, nowMs: number) => {
    const price = priceOf(coinId)
    const maxAgeMs = DOLLAR_COINS.has(coinId) ? DOLLAR_MAX_AGE_MS : MAX_AGE_MS
    return price !== null && nowMs - price.observedAtMs <= maxAgeMs && price.priceUsd > 0 ? price.priceUsd : null
  }
  const usdPer = (currency: string, nowMs: number) => {
    if (currency === 'USD') return 1
    const coinId = COINS.get(currency)
    return coinId === undefined ? fiat.usdPer(currency, nowMs) : usdPerCoin(coinId, nowMs)
  }
  return {
    usdPer,
    note(source, row, coinId, nowMs) {
      const { price, currency, symbol } = row
      if (!price || nowMs - row.observedAtMs > MAX_AGE_MS) return
      const pair = `${source} ${row.key}`
      if (coinId !== null && FIAT.has(currency) && YARDSTICKS.has(coinId)) {
        const worth = usdPerCoin(coinId, nowMs) ?? 0
        const usd = worth / price
        fiat.offer(currency, { pair, usd, volumeUsd: (row.volume24h ?? 0) * usd }, nowMs)
      } else if (symbol !== null && TRADED_FIAT.has(symbol) && isDollar(currency)) {
        const worth = usdPer(currency, nowMs) ?? 0
        fiat.offer(symbol, { pair, usd: worth * price, volumeUsd: (row.volume24h ?? 0) * worth }, nowMs)
      }
    },
  }
}

/** Whether it is one that we know how to convert, if its worth is known. */
export const isCurrency = (currency: string): boolean => currency === 'USD' || COINS.has(currency) || FIAT.has(currency)

/** Whether changes, highs and lows in this currency are as good as in dollars. */
export const isDollar = (currency: string): boolean => currency === 'USD' || DOLLAR_COINS.has(COINS.get(currency) ?? '')

/**
 * Whether a pair in this currency may price the coin. A coin that currencies are converted by is priced only in what does not hang on
 * it: two such coins, each priced by the other, would drift away together.
 */
export function mayPrice(currency: string, coinId: string): boolean {
  if (currency === 'USD' || !CURRENCY_COINS.has(coinId)) return true
  return !DOLLAR_COINS.has(coinId) && isDollar(currency)
}

const DOLLARS: readonly [string, string][] = [
  ['USDT', 'tether'],
  ['USDC', 'usd-coin'],
  ['FDUSD', 'first-digital-usd'],
  ['TUSD', 'true-usd'],
  ['BUSD', 'binance-usd'],
  ['PYUSD', 'paypal-usd'],
  ['USDE', 'ethena-usde'],
  ['USD1', 'usd1-wlfi'],
  ['DAI', 'dai'],
  ['USDD', 'usdd'],
  ['RLUSD', 'ripple-usd'],
  ['USDP', 'paxos-standard'],
]

const COINS: ReadonlyMap<string, string> = new Map([
  ...DOLLARS,
  ['BTC', 'bitcoin'],
  ['XBT', 'bitcoin'],
  ['ETH', 'ethereum'],
  ['BNB', 'binancecoin'],
])

const DOLLAR_COINS: ReadonlySet<string> = new Set(DOLLARS.map(([, coinId]) => coinId))
const CURRENCY_COINS: ReadonlySet<string> = new Set(COINS.values())

/** Coins whose pairs with a fiat currency tell what that is worth: those traded most. */
const YARDSTICKS: ReadonlySet<string> = new Set(['tether', 'usd-coin', 'bitcoin', 'ethereum'])

// No code that is a currency of exchanges by another meaning, as MNT is.
const FIAT: ReadonlySet<string> = new Set(
  'AED ARS AUD BRL CAD CHF CLP COP CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW KZT MXN MYR NGN NOK NZD PEN PHP PLN RON RUB SAR SEK SGD THB TRY TWD UAH VND ZAR'.split(
    ' ',
  ),
)

/** Those that are traded themselves, as EURUSDT; other codes are symbols of coins too (RON). */
const TRADED_FIAT: ReadonlySet<string> = new Set(['EUR', 'GBP', 'AUD'])

/** A stablecoin's price of some hours ago is a better guess than none, and without it an exchange says nothing. */
const DOLLAR_MAX_AGE_MS = 6 * 3_600_000
const MAX_AGE_MS = 15 * 60_000
