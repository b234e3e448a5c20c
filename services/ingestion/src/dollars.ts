/** Currencies that follow the dollar, and the coins that they are. */
export const DOLLAR_COINS: ReadonlyMap<string, string> = new Map([
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
])

/** Whether changes, highs and lows in this currency are as good as in dollars. */
export function isDollar(currency: string): boolean {
  const code = currency.toUpperCase()
  return code === 'USD' || DOLLAR_COINS.has(code)
}
