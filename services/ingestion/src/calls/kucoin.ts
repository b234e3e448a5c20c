import { BAR_MS, BARS_KEPT } from '@crypto-signals/contracts'
import { candleAt } from './candles.ts'
import { failureInEnvelope } from './envelope.ts'
import { exchange } from './exchange.ts'
import { separatedBy } from './pair.ts'
import { fieldOf, listIn, secondsOf } from './reading.ts'

const INTERVALS = { '5m': '5min', '1h': '1hour', '1d': '1day' } as const

const readCandle = candleAt({ openedAt: 0, open: 1, close: 2, high: 3, low: 4, volume: 6 })

export const kucoin = exchange({
  name: 'kucoin',
  title: 'KuCoin',
  site: 'https://www.kucoin.com',
  listedAs: 'kucoin',
  url: 'https://api.kucoin.com/api/v1',
  // All tickers weigh 15 of 2,000 in 30 s.
  perMinute: 100,
  minGapMs: 0,
  tickers: '/market/allTickers',
  // Without a beginning it tells only the last hundred.
  candles: (pair, interval, now) => {
    const from = Math.floor((now - BARS_KEPT[interval] * BAR_MS[interval]) / 1000)
    return `/market/candles?symbol=${pair}&type=${INTERVALS[interval]}&startAt=${from}`
  },
  failureOf: failureInEnvelope({
    codeAt: 'code',
    wordsAt: 'msg',
    ok: '200000',
    throttled: ['429000', '1015'],
    passing: ['500000', '230005'],
  }),
  reader: () => ({
    split: separatedBy('-'),
    tickers: (body) => {
      const data = fieldOf(body, 'data')
      return listIn(fieldOf(data, 'ticker'), '/market/allTickers').map((row) => ({
        pair: fieldOf(row, 'symbol'),
        last: fieldOf(row, 'last'),
        high: fieldOf(row, 'high'),
        low: fieldOf(row, 'low'),
        quoteVolume: fieldOf(row, 'volValue'),
        at: fieldOf(data, 'time'),
      }))
    },
    candles: (body) =>
      listIn(fieldOf(body, 'data'), '/market/candles').map((row) => {
        const candle = readCandle(row)
        return { ...candle, openedAt: secondsOf(candle.openedAt) }
      }),
  }),
})
