import type { Pair } from '../world/listing.ts'
import { text } from '../world/numbers.ts'
import type { Ticker } from '../world/tickers.ts'
import { exchange, limitOf } from './exchange.ts'

const symbolOf = ({ base, quote }: Pair) => base + quote
const INTERVALS_MS: Readonly<Record<string, number>> = { '5': 300_000, '60': 3_600_000, D: 86_400_000 }

export const bybit = exchange({
  name: 'bybit',
  coins: 520,
  taste: 0.8,
  quotes: { USDT: 1, USDC: 0.15, EUR: 0.05, BTC: 0.03 },
  multipliers: true,
  leveraged: true,
  symbolOf,
  routes: (floor, view) => {
    const said = (retCode: number, retMsg: string, result: unknown) => ({
      retCode,
      retMsg,
      result,
      retExtInfo: {},
      time: view.seenAt(),
    })
    const spot = (category: string) => category === 'spot'
    return {
      '/market/time': () => said(0, 'OK', { timeSecond: String(Math.floor(view.seenAt() / 1_000)) }),
      '/market/tickers': ({ query }) => {
        if (!spot(query('category'))) return said(10001, 'category is not simulated', {})
        const list = floor.tickers().rows.map(tickerRow)
        return said(0, 'OK', { category: 'spot', list })
      },
      '/market/kline': ({ query }) => {
        const pair = floor.pairOf(query('symbol'))
        const intervalMs = INTERVALS_MS[query('interval')]
        if (pair === undefined || intervalMs === undefined) return said(10001, 'Not supported symbols', {})
        const list = floor
          .candles(pair, { intervalMs, limit: limitOf(query('limit'), 200, 1_000) })
          .reverse()
          .map((candle) => [
            String(candle.openedAtMs),
            ...[candle.open, candle.high, candle.low, candle.close, candle.baseVolume, candle.quoteVolume].map(
              (value) => text(value),
            ),
          ])
        return said(0, 'OK', { category: 'spot', symbol: query('symbol'), list })
      },
      '/market/instruments-info': () =>
        said(0, 'OK', {
          category: 'spot',
          list: floor.pairs().map((pair) => ({
            symbol: symbolOf(pair),
            baseCoin: pair.base,
            quoteCoin: pair.quote,
            status: 'Trading',
          })),
        }),
    }
  },
})

const tickerRow = ({ pair, last, open, high, low, bid, ask, baseVolume, quoteVolume }: Ticker) => ({
  symbol: symbolOf(pair),
  bid1Price: text(bid),
  bid1Size: '1',
  ask1Price: text(ask),
  ask1Size: '1',
  lastPrice: text(last),
  prevPrice24h: text(open),
  price24hPcnt: (last / open - 1).toFixed(4),
  highPrice24h: text(high),
  lowPrice24h: text(low),
  turnover24h: text(quoteVolume),
  volume24h: text(baseVolume),
})
