import { coinbase } from '../src/calls/coinbase.ts'
import { gate } from '../src/calls/gate.ts'
import { kraken } from '../src/calls/kraken.ts'
import { kucoin } from '../src/calls/kucoin.ts'
import { okx } from '../src/calls/okx.ts'
import { AT, type ExchangeAnswers, HOURS, NOW, newestFirst } from './exchange-answer.ts'

const okxRow = (instId: string, last: string, volCcy24h: string) => ({
  instType: 'SPOT',
  instId,
  last,
  open24h: '9000',
  high24h: '21000',
  low24h: '8888.88',
  volCcy24h,
  vol24h: '2222',
  ts: String(AT),
})

const OKX: ExchangeAnswers = {
  definition: okx,
  tickers: {
    path: '/market/tickers?instType=SPOT',
    rowsAt: ['data'],
    body: {
      code: '0',
      msg: '',
      data: [
        okxRow('BTC-USDT', '20533.13', '243765620.65'),
        okxRow('ETH-EUR', '1800', '15.3'),
        okxRow('ETHEUR', '1', '1'),
      ].concat(okxRow('NEW-USD', '', '0')),
    },
  },
  observed: [
    ['BTC-USDT', 'BTC', 'USDT', 20533.13, 243765620.65, AT],
    ['ETH-EUR', 'ETH', 'EUR', 1800, 15.3, AT],
  ],
  candles: {
    path: '/market/candles?instId=BTC-USDT&bar=1H&limit=300',
    rowsAt: ['data'],
    body: {
      code: '0',
      msg: '',
      data: newestFirst(HOURS.map((at) => [String(at), '2', '4', '1', '3', '50', '125.4', '125.4', '1'])),
    },
  },
  throttle: [200, { code: '50011', msg: 'Too Many Requests', data: [] }],
  reject: [200, { code: '51001', msg: "Instrument ID doesn't exist.", data: [] }],
}

const krakenRow = (last: string, volume: string) => ({
  a: ['30300.10000', '1', '1.000'],
  b: ['30300.00000', '1', '1.000'],
  c: [last, '0.00067643'],
  v: ['4083.67001100', volume],
  p: ['30706.77771', '30689.13205'],
  t: [34619, 38907],
  l: ['29868.30000', '29868.30000'],
  h: ['31631.00000', '21000'],
  o: '30502.80000',
})
const krakenPair = (wsname: string, status = 'online') => ({ altname: wsname.replace('/', ''), wsname, status })
const krakenSaid = (result: unknown) => ({ error: [], result })

const KRAKEN: ExchangeAnswers = {
  definition: kraken,
  listing: {
    path: '/AssetPairs',
    body: krakenSaid({
      XXBTZUSD: krakenPair('XBT/USD'),
      ADAXBT: krakenPair('ADA/XBT'),
      OLDUSD: krakenPair('OLD/USD', 'cancel_only'),
    }),
  },
  tickers: {
    path: '/Ticker',
    rowsAt: ['result'],
    body: krakenSaid({
      XXBTZUSD: krakenRow('20000', '4000.5'),
      ADAXBT: krakenRow('0.00001', '1000'),
      OLDUSD: krakenRow('2', '9'),
      UNLISTEDUSD: krakenRow('2', '9'),
    }),
  },
  observed: [
    ['XXBTZUSD', 'XBT', 'USD', 20000, 80010000, NOW],
    ['ADAXBT', 'ADA', 'XBT', 0.00001, 0.01, NOW],
  ],
  candles: {
    path: '/OHLC?pair=XXBTZUSD&interval=60',
    rowsAt: ['result', 'XXBTZUSD'],
    body: krakenSaid({
      XXBTZUSD: HOURS.map((at) => [at / 1000, '2', '4', '1', '3', '2.51', '41.8', 23]),
      last: NOW / 1000,
    }),
  },
  throttle: [200, { error: ['EGeneral:Too many requests'] }],
  reject: [200, { error: ['EQuery:Unknown asset pair'] }],
}

const kucoinRow = (symbol: string, last: string | null, volValue: string | null) => ({
  symbol,
  symbolName: symbol,
  buy: '11328.9',
  sell: '11329',
  changeRate: '-0.0055',
  changePrice: '-63.6',
  high: '21000',
  low: '11200',
  vol: '2282.7',
  volValue,
  last,
})

const KUCOIN: ExchangeAnswers = {
  definition: kucoin,
  tickers: {
    path: '/market/allTickers',
    rowsAt: ['data', 'ticker'],
    body: {
      code: '200000',
      data: {
        time: AT,
        ticker: [
          kucoinRow('BTC-USDT', '20533.13', '243765620.65'),
          kucoinRow('ETH3L-BTC', '0.07', '15.3'),
          kucoinRow('BTC-', '2', '9'),
          kucoinRow('NEW-USDT', null, null),
        ],
      },
    },
  },
  observed: [
    ['BTC-USDT', 'BTC', 'USDT', 20533.13, 243765620.65, AT],
    ['ETH3L-BTC', 'ETH3L', 'BTC', 0.07, 15.3, AT],
  ],
  candles: {
    path: `/market/candles?symbol=BTC-USDT&type=1hour&startAt=${NOW / 1000 - 176 * 3_600}`,
    rowsAt: ['data'],
    body: {
      code: '200000',
      data: newestFirst(HOURS.map((at) => [String(at / 1000), '2', '3', '4', '1', '50', '125.4'])),
    },
  },
  throttle: [429, { code: '429000', msg: 'Too Many Requests' }],
  reject: [200, { code: '400100', msg: 'Unsupported trading pair' }],
}

const gateRow = (currency_pair: string, last: string, quote_volume: string) => ({
  currency_pair,
  last,
  lowest_ask: '2.47',
  change_percentage: '-8.91',
  base_volume: '45.3',
  quote_volume,
  high_24h: '21000',
  low_24h: '2.2',
})

const GATE: ExchangeAnswers = {
  definition: gate,
  tickers: {
    path: '/spot/tickers',
    rowsAt: [],
    body: [
      gateRow('BTC_USDT', '20533.13', '243765620.65'),
      gateRow('BTC5S_USDT', '0.07', '15.3'),
      gateRow('BTC', '2', '9'),
    ].concat(gateRow('OLD_USDT', '2', '0')),
  },
  observed: [
    ['BTC_USDT', 'BTC', 'USDT', 20533.13, 243765620.65, NOW],
    ['BTC5S_USDT', 'BTC5S', 'USDT', 0.07, 15.3, NOW],
  ],
  candles: {
    path: '/spot/candlesticks?currency_pair=BTC_USDT&interval=1h&limit=500',
    rowsAt: [],
    body: HOURS.map((at) => [String(at / 1000), '125.4', '3', '4', '1', '2', '50', 'true']),
  },
  throttle: [429, { label: 'TOO_MANY_REQUESTS', message: 'Request Rate Limit Exceeded' }],
  reject: [400, { label: 'INVALID_CURRENCY_PAIR', message: 'Invalid currency pair' }],
}

const coinbaseRow = (last: string | null, volume: string) => ({
  stats_30day: { volume: '311024.55' },
  stats_24hour: { open: '20000', high: '21000', low: '19000', volume, last },
})

const COINBASE: ExchangeAnswers = {
  definition: coinbase,
  tickers: {
    path: '/products/stats',
    rowsAt: [],
    body: {
      'BTC-USD': coinbaseRow('20000', '4000.5'),
      'ETH-BTC': coinbaseRow('0.07', '1000'),
      NONE: coinbaseRow('2', '9'),
      'OLD-USD': coinbaseRow('2', '0'),
    },
  },
  observed: [
    ['BTC-USD', 'BTC', 'USD', 20000, 80010000, NOW],
    ['ETH-BTC', 'ETH', 'BTC', 0.07, 70, NOW],
  ],
  candles: {
    path: '/products/BTC-USD/candles?granularity=3600',
    rowsAt: [],
    body: newestFirst(HOURS.map((at) => [at / 1000, 1, 4, 2, 3, 41.8])),
  },
  throttle: [429, { message: 'Public rate limit exceeded' }],
  reject: [404, { message: 'NotFound' }],
}

/** Exchanges that write BTC-USDT, and Kraken. */
export const SEPARATED = [OKX, KRAKEN, KUCOIN, GATE, COINBASE]
