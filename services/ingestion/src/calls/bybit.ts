import { candleAt } from './candles.ts'
import { failureInEnvelope } from './envelope.ts'
import { exchange } from './exchange.ts'
import { joinedWith } from './pair.ts'
import { fieldOf, listIn } from './reading.ts'

const CURRENCIES = ['USDT', 'USDC', 'USDE', 'USD1', 'USDQ', 'USDR', 'RLUSD', 'XUSD', 'DAI', 'BTC', 'ETH', 'SOL', 'MNT']
const MONEY = ['EUR', 'BRL', 'BRZ', 'TRY', 'PLN', 'GBP']

const INTERVALS = { '5m': '5', '1h': '60', '1d': 'D' } as const

const rowsOf = (body: unknown, path: string) => listIn(fieldOf(fieldOf(body, 'result'), 'list'), path)

export const bybit = exchange({
  name: 'bybit',
  title: 'Bybit',
  site: 'https://www.bybit.com',
  listedAs: 'bybit_spot',
  url: 'https://api.bybit.com/v5',
  // It bears 600 in 5 s.
  perMinute: 120,
  minGapMs: 0,
  tickers: '/market/tickers?category=spot',
  candles: (pair, interval) => `/market/kline?category=spot&symbol=${pair}&interval=${INTERVALS[interval]}&limit=500`,
  failureOf: failureInEnvelope({
    codeAt: 'retCode',
    wordsAt: 'retMsg',
    ok: '0',
    throttled: ['10006', '10018'],
    passing: ['10000', '10016'],
  }),
  reader: () => ({
    split: joinedWith([...CURRENCIES, ...MONEY]),
    tickers: (body) =>
      rowsOf(body, '/market/tickers').map((row) => ({
        pair: fieldOf(row, 'symbol'),
        last: fieldOf(row, 'lastPrice'),
        high: fieldOf(row, 'highPrice24h'),
        low: fieldOf(row, 'lowPrice24h'),
        quoteVolume: fieldOf(row, 'turnover24h'),
        at: fieldOf(body, 'time'),
      })),
    candles: (body) =>
      rowsOf(body, '/market/kline').map(candleAt({ openedAt: 0, open: 1, high: 2, low: 3, close: 4, volume: 6 })),
  }),
})
