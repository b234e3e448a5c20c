import { klineOf } from './candles.ts'
import { exchange } from './exchange.ts'
import { joinedWith } from './pair.ts'
import { fieldOf, listIn } from './reading.ts'

const CURRENCIES = ['USDT', 'USDC', 'USD1', 'USDE', 'USDF', 'TUSD', 'BTC', 'ETH', 'EUR', 'BRL', 'TRY']

const INTERVALS = { '5m': '5m', '1h': '60m', '1d': '1d' } as const

export const mexc = exchange({
  name: 'mexc',
  title: 'MEXC',
  site: 'https://www.mexc.com',
  listedAs: 'mxc',
  url: 'https://api.mexc.com/api/v3',
  // All tickers weigh 40 of 500 in 10 s.
  perMinute: 40,
  minGapMs: 1_000,
  tickers: '/ticker/24hr',
  candles: (pair, interval) => `/klines?symbol=${pair}&interval=${INTERVALS[interval]}&limit=500`,
  reader: () => ({
    split: joinedWith(CURRENCIES),
    tickers: (body) =>
      listIn(body, '/ticker/24hr').map((row) => ({
        pair: fieldOf(row, 'symbol'),
        last: fieldOf(row, 'lastPrice'),
        high: fieldOf(row, 'highPrice'),
        low: fieldOf(row, 'lowPrice'),
        // Null for some pairs.
        quoteVolume: fieldOf(row, 'quoteVolume'),
        baseVolume: fieldOf(row, 'volume'),
        at: fieldOf(row, 'closeTime'),
      })),
    candles: (body) => listIn(body, '/klines').map(klineOf),
  }),
})
