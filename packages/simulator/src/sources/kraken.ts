import type { Pair } from '../world/listing.ts'
import { text, unixSeconds } from '../world/numbers.ts'
import type { Ticker } from '../world/tickers.ts'
import { exchange } from './exchange.ts'

// The oldest currencies have a letter before them, and bitcoin and dogecoin names of their own.
const OLD: Readonly<Record<string, string>> = { XBT: 'X', ETH: 'X', XDG: 'X', XRP: 'X', USD: 'Z', EUR: 'Z', GBP: 'Z' }
const CLASSIC_QUOTES = new Set(['USD', 'EUR', 'GBP', 'XBT'])
const full = (currency: string) => `${OLD[currency] ?? ''}${currency}`

const altOf = ({ base, quote }: Pair) => base + quote
const symbolOf = ({ base, quote }: Pair) =>
  CLASSIC_QUOTES.has(quote) && (base in OLD || base + quote === 'USDTUSD') ? full(base) + full(quote) : base + quote

export const kraken = exchange({
  name: 'kraken',
  coins: 450,
  taste: 1,
  quotes: { USD: 1, EUR: 0.9, USDT: 0.1, GBP: 0.1, BTC: 0.2 },
  multipliers: false,
  leveraged: false,
  renamed: { BTC: 'XBT', DOGE: 'XDG' },
  symbolOf,
  routes: (floor, view) => {
    const said = (result: unknown) => ({ error: [], result })
    return {
      '/Time': () => said({ unixtime: unixSeconds(view.seenAt()) }),
      '/SystemStatus': () => said({ status: 'online', timestamp: new Date(view.seenAt()).toISOString() }),
      '/Ticker': () => said(Object.fromEntries(floor.tickers().rows.map(tickerEntry))),
      '/AssetPairs': () => said(Object.fromEntries(floor.pairs().map(pairEntry))),
      '/OHLC': ({ query }) => {
        const asked = query('pair')
        const pair = floor.pairOf(asked) ?? floor.pairs().find((one) => altOf(one) === asked)
        const minutes = Number(query('interval') || '1')
        if (pair === undefined || ![1, 5, 60, 1_440].includes(minutes)) return { error: ['EQuery:Unknown asset pair'] }
        const candles = floor.candles(pair, { intervalMs: minutes * 60_000, limit: 720 })
        return said({
          [symbolOf(pair)]: candles.map(({ openedAtMs, open, high, low, close, baseVolume }) => [
            unixSeconds(openedAtMs),
            ...[open, high, low, close, (high + low) / 2, baseVolume].map((value) => text(value)),
            10,
          ]),
          last: unixSeconds(candles.at(-2)?.openedAtMs ?? 0),
        })
      },
    }
  },
})

const tickerEntry = ({ pair, last, open, high, low, bid, ask, baseVolume }: Ticker) => [
  symbolOf(pair),
  {
    a: [text(ask), '1', '1.000'],
    b: [text(bid), '1', '1.000'],
    c: [text(last), '0.01'],
    v: [text(baseVolume / 2), text(baseVolume)],
    p: [text(last), text((high + low) / 2)],
    t: [500, 1_000],
    l: [text(low), text(low)],
    h: [text(high), text(high)],
    o: text(open),
  },
]

const pairEntry = (pair: Pair) => [
  symbolOf(pair),
  {
    altname: altOf(pair),
    wsname: `${pair.base}/${pair.quote}`,
    aclass_base: 'currency',
    base: full(pair.base),
    aclass_quote: 'currency',
    quote: full(pair.quote),
    status: 'online',
  },
]
