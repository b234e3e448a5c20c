import { klineOf } from './candles.ts'
import { failureInEnvelope } from './envelope.ts'
import { exchange } from './exchange.ts'
import { separatedBy } from './pair.ts'
import { fieldOf, listIn } from './reading.ts'

// Its plain `1D` opens at midnight in Hong Kong.
const INTERVALS = { '5m': '5m', '1h': '1H', '1d': '1Dutc' } as const

export const okx = exchange({
  name: 'okx',
  title: 'OKX',
  site: 'https://www.okx.com',
  listedAs: 'okex',
  url: 'https://www.okx.com/api/v5',
  // It bears 20 in 2 s.
  perMinute: 120,
  minGapMs: 100,
  tickers: '/market/tickers?instType=SPOT',
  candles: (pair, interval) => `/market/candles?instId=${pair}&bar=${INTERVALS[interval]}&limit=300`,
  failureOf: failureInEnvelope({
    codeAt: 'code',
    wordsAt: 'msg',
    ok: '0',
    throttled: ['50011', '50061'],
    passing: ['50001', '50004', '50013', '50026'],
  }),
  reader: () => ({
    split: separatedBy('-'),
    tickers: (body) =>
      listIn(fieldOf(body, 'data'), '/market/tickers').map((row) => ({
        pair: fieldOf(row, 'instId'),
        last: fieldOf(row, 'last'),
        high: fieldOf(row, 'high24h'),
        low: fieldOf(row, 'low24h'),
        // Of spot pairs in the quote currency.
        quoteVolume: fieldOf(row, 'volCcy24h'),
        at: fieldOf(row, 'ts'),
      })),
    candles: (body) => listIn(fieldOf(body, 'data'), '/market/candles').map(klineOf),
  }),
})
