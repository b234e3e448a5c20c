import { secondsCandleAt } from './candles.ts'
import { exchange } from './exchange.ts'
import { separatedBy } from './pair.ts'
import { fieldOf, listIn } from './reading.ts'
import { entriesIn } from './ticker.ts'

const SECONDS = { '5m': 300, '1h': 3_600, '1d': 86_400 } as const

/** Coinbase Exchange. One call tells all pairs; it is not in its documents, but has been there for years and many rely on it. */
export const coinbase = exchange({
  name: 'coinbase',
  title: 'Coinbase Exchange',
  site: 'https://exchange.coinbase.com',
  listedAs: 'gdax',
  url: 'https://api.exchange.coinbase.com',
  // It bears 10 a second.
  perMinute: 120,
  minGapMs: 100,
  tickers: '/products/stats',
  // It tells the last 300 or so, and no more.
  candles: (pair, interval) => `/products/${pair}/candles?granularity=${SECONDS[interval]}`,
  reader: () => ({
    split: separatedBy('-'),
    tickers: (body) =>
      entriesIn(body, '/products/stats').map(([pair, row]) => {
        const day = fieldOf(row, 'stats_24hour')
        const [last, high, low] = ['last', 'high', 'low'].map((field) => fieldOf(day, field))
        return { pair, last, high, low, baseVolume: fieldOf(day, 'volume') }
      }),
    candles: (body) =>
      listIn(body, '/candles').map(secondsCandleAt({ openedAt: 0, low: 1, high: 2, open: 3, close: 4, volume: 5 })),
  }),
})
