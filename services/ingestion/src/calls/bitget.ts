import { klineOf } from './candles.ts'
import { failureInEnvelope } from './envelope.ts'
import { exchange } from './exchange.ts'
import { joinedWith } from './pair.ts'
import { fieldOf, listIn } from './reading.ts'

const CURRENCIES = [
  'USDT',
  'USDC',
  'USDE',
  'USD1',
  'BGUSD',
  'BTC',
  'ETH',
  'BGB',
  'EUR',
  'BRL',
  'TRY',
  'GBP',
  'UAH',
  'PLN',
]

// Its plain `1day` opens at midnight in Hong Kong.
const INTERVALS = { '5m': '5min', '1h': '1h', '1d': '1Dutc' } as const

export const bitget = exchange({
  name: 'bitget',
  title: 'Bitget',
  site: 'https://www.bitget.com',
  listedAs: 'bitget',
  url: 'https://api.bitget.com/api/v2',
  // It bears 20 a second.
  perMinute: 120,
  minGapMs: 0,
  tickers: '/spot/market/tickers',
  candles: (pair, interval) => `/spot/market/candles?symbol=${pair}&granularity=${INTERVALS[interval]}&limit=500`,
  failureOf: failureInEnvelope({
    codeAt: 'code',
    wordsAt: 'msg',
    ok: '00000',
    throttled: ['429', '30007'],
    passing: ['40010', '40015', '40725', '45001'],
  }),
  reader: () => ({
    split: joinedWith(CURRENCIES),
    tickers: (body) =>
      listIn(fieldOf(body, 'data'), '/spot/market/tickers').map((row) => ({
        pair: fieldOf(row, 'symbol'),
        last: fieldOf(row, 'lastPr'),
        high: fieldOf(row, 'high24h'),
        low: fieldOf(row, 'low24h'),
        quoteVolume: fieldOf(row, 'quoteVolume'),
        at: fieldOf(row, 'ts'),
      })),
    candles: (body) => listIn(fieldOf(body, 'data'), '/spot/market/candles').map(klineOf),
  }),
})
