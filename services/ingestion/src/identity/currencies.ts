import type { Logger } from 'pino'
import { DOLLAR_COINS, isDollar } from '../dollars.ts'
import type { Observation } from '../observation.ts'
import { createFiatRates } from './fiat-rates.ts'
import { createPegs, type Pegs } from './pegs.ts'
import type { PriceOf } from './reference.ts'

/** What the currencies that coins are priced in are worth. */
export interface Currencies {
  /** Dollars for one; null where that is not known of late, or in doubt. */
  usdPer(currency: string, nowMs: number): number | null
  /** Whether its worth rests on more than one source: if not, what was converted speaks against no mapping. */
  isCertain(currency: string): boolean
  /** Takes in what an exchange's pair of `coinId` (null if not known) says of a fiat currency. */
  note(source: string, row: Observation, coinId: string | null, nowMs: number): void
  /** Takes in what sightings of a source say of stablecoins. */
  hear: Pegs['hear']
}

export function createCurrencies(priceOf: PriceOf, log: Logger): Currencies {
  const fiat = createFiatRates()
  const pegs = createPegs(FOLLOWERS)
  const isDoubted = createDoubts(pegs, log)
  const usdPerCoin = (coinId: string, nowMs: number) => {
    const price = priceOf(coinId)
    const isFollower = FOLLOWERS.has(coinId)
    const maxAgeMs = isFollower ? DOLLAR_MAX_AGE_MS : MAX_AGE_MS
    if (price === null || nowMs - price.observedAtMs > maxAgeMs || !(price.priceUsd > 0)) return null
    return isFollower && isDoubted(coinId, price.priceUsd, nowMs) ? null : price.priceUsd
  }
  const usdPer = (currency: string, nowMs: number) => {
    if (currency === 'USD') return 1
    const coinId = COINS.get(currency)
    return coinId === undefined ? fiat.usdPer(currency, nowMs) : usdPerCoin(coinId, nowMs)
  }
  return {
    usdPer,
    isCertain(currency) {
      const coinId = COINS.get(currency)
      return coinId === undefined || FOLLOWERS.has(coinId) || (priceOf(coinId)?.sources ?? 0) >= 2
    },
    note(source, row, coinId, nowMs) {
      const { price, currency, symbol } = row
      if (!price || nowMs - row.observedAtMs > MAX_AGE_MS) return
      const said = { source, pair: row.key }
      if (coinId !== null && FIAT.has(currency) && YARDSTICKS.has(coinId)) {
        const usd = (usdPerCoin(coinId, nowMs) ?? 0) / price
        fiat.offer(currency, { ...said, yardstick: coinId, usd, volumeUsd: (row.volume24h ?? 0) * usd }, nowMs)
      } else if (symbol !== null && TRADED_FIAT.has(symbol) && isDollar(currency)) {
        const worth = usdPer(currency, nowMs) ?? 0
        const volumeUsd = (row.volume24h ?? 0) * worth
        fiat.offer(
          symbol,
          { ...said, yardstick: COINS.get(currency) ?? currency, usd: worth * price, volumeUsd },
          nowMs,
        )
      }
    },
    hear: (facts, sightings) => pegs.hear(facts, sightings),
  }
}

/** Tells of a stablecoin whether its price is in doubt, and the log of each doubt once. */
function createDoubts(pegs: Pegs, log: Logger) {
  const doubted = new Set<string>()
  return (coinId: string, priceUsd: number, nowMs: number): boolean => {
    if (pegs.holds(coinId, priceUsd, nowMs)) {
      doubted.delete(coinId)
      return false
    }
    if (!doubted.has(coinId))
      log.warn({ coinId, priceUsd }, 'a stablecoin is off the dollar by one source alone: not converted')
    doubted.add(coinId)
    return true
  }
}

/** Whether it is one that we know how to convert, if its worth is known. */
export const isCurrency = (currency: string): boolean => currency === 'USD' || COINS.has(currency) || FIAT.has(currency)

/**
 * Whether a pair in this currency may price the coin. A coin that currencies are converted by is priced only in what does not hang on
 * it: two such coins, each priced by the other, would drift away together.
 */
export function mayPrice(currency: string, coinId: string): boolean {
  if (currency === 'USD' || !CURRENCY_COINS.has(coinId)) return true
  return !FOLLOWERS.has(coinId) && isDollar(currency)
}

const COINS: ReadonlyMap<string, string> = new Map([
  ...DOLLAR_COINS,
  ['BTC', 'bitcoin'],
  ['XBT', 'bitcoin'],
  ['ETH', 'ethereum'],
  ['BNB', 'binancecoin'],
])

const FOLLOWERS: ReadonlySet<string> = new Set(DOLLAR_COINS.values())
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
