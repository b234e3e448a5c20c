import type { Pair } from '../world/listing.ts'
import { text, unixSeconds } from '../world/numbers.ts'
import { exchange, limitOf } from './exchange.ts'
import { refusal } from './source.ts'

const symbolOf = ({ base, quote }: Pair) => `${base}_${quote}`
const INTERVALS_MS: Readonly<Record<string, number>> = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 }

export const gate = exchange({
  name: 'gate',
  coins: 1_950,
  taste: 1.6,
  // The few pairs in won stand for the Korean exchanges, none of which is asked.
  quotes: { USDT: 1, USDC: 0.03, BTC: 0.02, ETH: 0.02, KRW: 0.01 },
  multipliers: true,
  leveraged: true,
  symbolOf,
  routes: (floor, view) => ({
    '/spot/time': () => ({ server_time: view.seenAt() }),
    '/spot/tickers': () =>
      floor.tickers().rows.map(({ pair, last, open, high, low, bid, ask, baseVolume, quoteVolume }) => ({
        currency_pair: symbolOf(pair),
        last: text(last),
        lowest_ask: text(ask),
        highest_bid: text(bid),
        change_percentage: ((last / open - 1) * 100).toFixed(2),
        base_volume: text(baseVolume),
        quote_volume: text(quoteVolume),
        high_24h: text(high),
        low_24h: text(low),
      })),
    '/spot/candlesticks': ({ query }) => {
      const pair = floor.pairOf(query('currency_pair'))
      const intervalMs = INTERVALS_MS[query('interval')]
      if (pair === undefined || intervalMs === undefined)
        return refusal(400, { label: 'INVALID_CURRENCY_PAIR', message: 'Invalid currency pair' })
      return floor
        .candles(pair, { intervalMs, limit: limitOf(query('limit'), 100, 1_000) })
        .map(({ openedAtMs, open, close, high, low, baseVolume, quoteVolume }) => [
          String(unixSeconds(openedAtMs)),
          ...[quoteVolume, close, high, low, open, baseVolume].map((value) => text(value)),
          String(openedAtMs + intervalMs <= view.seenAt()),
        ])
    },
    '/spot/currency_pairs': () =>
      floor.pairs().map((pair) => ({
        id: symbolOf(pair),
        base: pair.base,
        quote: pair.quote,
        trade_status: 'tradable',
      })),
  }),
})
