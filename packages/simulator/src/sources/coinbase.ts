import type { Pair } from '../world/listing.ts'
import { text, unixSeconds } from '../world/numbers.ts'
import type { Ticker } from '../world/tickers.ts'
import { exchange } from './exchange.ts'
import { refusal } from './source.ts'

const symbolOf = ({ base, quote }: Pair) => `${base}-${quote}`
const NOT_FOUND = { message: 'NotFound' }

export const coinbase = exchange({
  name: 'coinbase',
  coins: 280,
  taste: 0.8,
  quotes: { USD: 1, USDT: 0.1, EUR: 0.15, BTC: 0.1 },
  multipliers: false,
  leveraged: false,
  symbolOf,
  routes: (floor, view) => {
    return {
      '/time': () => ({ iso: new Date(view.seenAt()).toISOString(), epoch: view.seenAt() / 1_000 }),
      '/products': () =>
        floor.pairs().map((pair) => ({
          id: symbolOf(pair),
          base_currency: pair.base,
          quote_currency: pair.quote,
          status: 'online',
          trading_disabled: false,
        })),
      '/products/stats': () =>
        Object.fromEntries(
          floor
            .tickers()
            .rows.map((ticker) => [
              symbolOf(ticker.pair),
              { stats_30day: { volume: text(ticker.baseVolume * 30) }, stats_24hour: statsOf(ticker) },
            ]),
        ),
      '/products/:product/candles': ({ param, query }) => {
        const pair = floor.pairOf(param('product'))
        const seconds = Number(query('granularity') || '60')
        if (pair === undefined) return refusal(404, NOT_FOUND)
        if (![60, 300, 3_600, 86_400].includes(seconds)) return refusal(400, { message: 'Unsupported granularity' })
        return floor
          .candles(pair, { intervalMs: seconds * 1_000, limit: 300 })
          .reverse()
          .map(({ openedAtMs, low, high, open, close, baseVolume }) => [
            unixSeconds(openedAtMs),
            ...[low, high, open, close, baseVolume].map((value) => Number(value.toPrecision(8))),
          ])
      },
    }
  },
})

const statsOf = ({ open, high, low, last, baseVolume }: Ticker) => ({
  open: text(open),
  high: text(high),
  low: text(low),
  last: text(last),
  volume: text(baseVolume),
})
