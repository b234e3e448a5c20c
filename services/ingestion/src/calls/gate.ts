import { candleAt } from './candles.ts'
import { exchange } from './exchange.ts'
import { separatedBy } from './pair.ts'
import { fieldOf, listIn, secondsOf } from './reading.ts'

const readCandle = candleAt({ openedAt: 0, volume: 1, close: 2, high: 3, low: 4, open: 5 })

export const gate = exchange({
  name: 'gate',
  title: 'Gate',
  site: 'https://www.gate.com',
  listedAs: 'gate',
  url: 'https://api.gateio.ws/api/v4',
  // It bears 200 in 10 s.
  perMinute: 120,
  minGapMs: 0,
  tickers: '/spot/tickers',
  candles: (pair, interval) => `/spot/candlesticks?currency_pair=${pair}&interval=${interval}&limit=500`,
  reader: () => ({
    split: separatedBy('_'),
    tickers: (body) =>
      listIn(body, '/spot/tickers').map((row) => ({
        pair: fieldOf(row, 'currency_pair'),
        last: fieldOf(row, 'last'),
        high: fieldOf(row, 'high_24h'),
        low: fieldOf(row, 'low_24h'),
        quoteVolume: fieldOf(row, 'quote_volume'),
      })),
    candles: (body) =>
      listIn(body, '/spot/candlesticks').map((row) => {
        const candle = readCandle(row)
        return { ...candle, openedAt: secondsOf(candle.openedAt) }
      }),
  }),
})
