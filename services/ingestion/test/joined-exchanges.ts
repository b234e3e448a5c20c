import { binance } from '../src/calls/binance.ts'
import { bitget } from '../src/calls/bitget.ts'
import { bybit } from '../src/calls/bybit.ts'
import { mexc } from '../src/calls/mexc.ts'
import { AT, type ExchangeAnswers, HOUR_MS, HOURS, newestFirst } from './exchange-answer.ts'

const day = (symbol: string, lastPrice: string | null, quoteVolume: string | null, volume = '11801.2') => ({
  symbol,
  priceChange: '-94.99999800',
  priceChangePercent: '-95.960',
  lastPrice,
  bidPrice: '4.00000000',
  openPrice: '99.00000000',
  highPrice: '21000',
  lowPrice: '0.10000000',
  volume,
  quoteVolume,
  openTime: AT - 86_400_000,
  closeTime: AT,
  count: 76,
})
const klines = HOURS.map((at) => [at, '2', '4', '1', '3', '50', at + HOUR_MS - 1, '125.4', 308, '25', '60', '0'])

const BINANCE: ExchangeAnswers = {
  definition: binance,
  tickers: {
    path: '/ticker/24hr',
    rowsAt: [],
    body: [
      day('BTCUSDT', '20533.13', '243765620.65'),
      day('1000CATBTC', '1e-8', '15.3'),
      day('GALAEUR', '2', '9'),
    ].concat(day('OLDUSDT', '2.5', '0.00000000', '0.00000000')),
  },
  observed: [
    ['BTCUSDT', 'BTC', 'USDT', 20533.13, 243765620.65, AT],
    ['1000CATBTC', '1000CAT', 'BTC', 1e-8, 15.3, AT],
  ],
  candles: { path: '/klines?symbol=BTCUSDT&interval=1h&limit=500', body: klines, rowsAt: [] },
  throttle: [418, { code: -1003, msg: 'Way too many requests; IP banned until 1659146400000.' }],
  reject: [400, { code: -1121, msg: 'Invalid symbol.' }],
}

const MEXC: ExchangeAnswers = {
  definition: mexc,
  tickers: {
    path: '/ticker/24hr',
    rowsAt: [],
    body: [day('BTCUSDT', '20533.13', '243765620.65'), day('猫USDC', '0.5', null, '200'), day('XXX', '2', '9')].concat(
      day('NEWUSDT', '0', null, '0'),
    ),
  },
  observed: [
    ['BTCUSDT', 'BTC', 'USDT', 20533.13, 243765620.65, AT],
    ['猫USDC', '猫', 'USDC', 0.5, 100, AT],
  ],
  candles: { path: '/klines?symbol=BTCUSDT&interval=60m&limit=500', body: klines, rowsAt: [] },
  throttle: [429, { code: 429, msg: 'Too Many Requests' }],
  reject: [400, { code: -1121, msg: 'Invalid symbol.' }],
}

const bybitRow = (symbol: string, lastPrice: string, turnover24h: string) => ({
  symbol,
  bid1Price: '20517.96',
  lastPrice,
  prevPrice24h: '20393.48',
  price24hPcnt: '0.0068',
  highPrice24h: '21000',
  lowPrice24h: '20318.89',
  turnover24h,
  volume24h: '11801.27771',
  usdIndexPrice: '20784.12009279',
})
const bybitSaid = (result: unknown) => ({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: AT })

const BYBIT: ExchangeAnswers = {
  definition: bybit,
  tickers: {
    path: '/market/tickers?category=spot',
    rowsAt: ['result', 'list'],
    body: bybitSaid({
      category: 'spot',
      list: [
        bybitRow('BTCUSDT', '20533.13', '243765620.65'),
        bybitRow('ETHBTC', '0.07', '15.3'),
        bybitRow('WHAT', '2', '9'),
        bybitRow('OLDUSDT', '2', '0'),
      ],
    }),
  },
  observed: [
    ['BTCUSDT', 'BTC', 'USDT', 20533.13, 243765620.65, AT],
    ['ETHBTC', 'ETH', 'BTC', 0.07, 15.3, AT],
  ],
  candles: {
    path: '/market/kline?category=spot&symbol=BTCUSDT&interval=60&limit=500',
    rowsAt: ['result', 'list'],
    body: bybitSaid({ list: newestFirst(HOURS.map((at) => [String(at), '2', '4', '1', '3', '50', '125.4'])) }),
  },
  throttle: [403, { retCode: 10006, retMsg: 'access too frequent', result: {} }],
  reject: [200, { retCode: 10001, retMsg: 'params error: symbol invalid', result: {}, time: AT }],
}

const bitgetRow = (symbol: string, lastPr: string, quoteVolume: string) => ({
  open: '9000',
  symbol,
  high24h: '21000',
  low24h: '19000',
  lastPr,
  quoteVolume,
  baseVolume: '50',
  usdtVolume: quoteVolume,
  ts: String(AT),
  change24h: '0.0068',
})
const bitgetSaid = (data: unknown) => ({ code: '00000', msg: 'success', requestTime: AT, data })

const BITGET: ExchangeAnswers = {
  definition: bitget,
  tickers: {
    path: '/spot/market/tickers',
    rowsAt: ['data'],
    body: bitgetSaid([
      bitgetRow('BTCUSDT', '20533.13', '243765620.65'),
      bitgetRow('ETHEUR', '1800', '15.3'),
      bitgetRow('WHAT', '2', '9'),
      bitgetRow('OLDUSDT', '0', '0'),
    ]),
  },
  observed: [
    ['BTCUSDT', 'BTC', 'USDT', 20533.13, 243765620.65, AT],
    ['ETHEUR', 'ETH', 'EUR', 1800, 15.3, AT],
  ],
  candles: {
    path: '/spot/market/candles?symbol=BTCUSDT&granularity=1h&limit=500',
    rowsAt: ['data'],
    body: bitgetSaid(HOURS.map((at) => [String(at), '2', '4', '1', '3', '50', '125.4', '125.4'])),
  },
  throttle: [429, { code: '429', msg: 'Too Many Requests' }],
  reject: [400, { code: '40034', msg: 'Parameter BTCUSDX does not exist', data: null }],
}

/** Exchanges that write BTCUSDT. */
export const JOINED = [BINANCE, BYBIT, MEXC, BITGET]
