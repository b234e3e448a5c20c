/** What an exchange trades against what, each as it writes them. */
export interface Pair {
  base: string
  quote: string
}

/** Null where it cannot be told for sure what the pair is of. */
export type SplitPair = (pair: string) => Pair | null

/** For exchanges that write `BTC-USDT` or `BTC_USDT`. */
export const separatedBy =
  (separator: string): SplitPair =>
  (pair) => {
    const [base, quote, ...more] = pair.split(separator)
    return base && quote && more.length === 0 ? { base, quote } : null
  }

/**
 * For exchanges that write `BTCUSDT`. Their own list of pairs would tell it too, but it is megabytes a day from another route that can
 * fail; and their answers hold no other quote currencies than those that we can convert anyway. Where two of `currencies` fit
 * (GALAEUR is GALA/EUR or GAL/AEUR) there is no telling, and none is better than a wrong one.
 */
export const joinedWith =
  (currencies: readonly string[]): SplitPair =>
  (pair) => {
    const fitting = currencies.filter((currency) => pair.length > currency.length && pair.endsWith(currency))
    const [quote] = fitting
    return quote === undefined || fitting.length > 1 ? null : { base: pair.slice(0, -quote.length), quote }
  }
