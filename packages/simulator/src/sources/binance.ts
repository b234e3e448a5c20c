import type { Pair } from '../world/listing.ts'
import { text, unixSeconds } from '../world/numbers.ts'
import type { Ticker } from '../world/tickers.ts'
import { exchange, type Floor, limitOf } from './exchange.ts'
import { type Answerer, refusal } from './source.ts'

const symbolOf = ({ base, quote }: Pair) => base + quote

const INTERVALS_MS: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '60m': 3_600_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
}

export const binance = exchange({
  name: 'binance',
  coins: 420,
  taste: 0.5,
  quotes: { USDT: 1, USDC: 0.5, BTC: 0.35, EUR: 0.12, TRY: 0.3 },
  multipliers: true,
  leveraged: true,
  symbolOf,
  routes: (floor) => ({ ...spotRoutes(floor), '/exchangeInfo': exchangeInfo(floor) }),
})

export const mexc = exchange({
  name: 'mexc',
  coins: 1_950,
  taste: 1.6,
  quotes: { USDT: 1, USDC: 0.08, BTC: 0.02 },
  multipliers: true,
  leveraged: true,
  symbolOf,
  routes: (floor) => ({ ...spotRoutes(floor), '/exchangeInfo': exchangeInfo(floor) }),
})

// MEXC took over Binance's words.
const spotRoutes = (floor: Floor): Record<string, Answerer> => ({
  '/ping': () => ({}),
  '/ticker/24hr': ({ query }) => {
    const { rows, seenAt } = floor.tickers()
    const asked = query('symbol')
    if (asked === '') return rows.map((row) => dayRow(row, seenAt))
    const row = rows.find(({ pair }) => symbolOf(pair) === asked)
    return row === undefined ? refusal(400, UNKNOWN) : dayRow(row, seenAt)
  },
  '/klines': ({ query }) => {
    const pair = floor.pairOf(query('symbol'))
    const intervalMs = INTERVALS_MS[query('interval')]
    if (pair === undefined || intervalMs === undefined) return refusal(400, UNKNOWN)
    const endMs = query('endTime') === '' ? undefined : Number(query('endTime')) + 1
    const candles = floor.candles(pair, {
      intervalMs,
      limit: limitOf(query('limit'), 500, 1_000),
      ...(endMs && { endMs }),
    })
    return candles.map(({ openedAtMs, open, high, low, close, baseVolume, quoteVolume }) => [
      openedAtMs,
      ...[open, high, low, close, baseVolume].map((value) => text(value)),
      openedAtMs + intervalMs - 1,
      text(quoteVolume),
      unixSeconds(openedAtMs) % 997,
      text(baseVolume / 2),
      text(quoteVolume / 2),
      '0',
    ])
  },
})

const UNKNOWN = { code: -1121, msg: 'Invalid symbol.' }

const dayRow = ({ pair, last, open, high, low, bid, ask, baseVolume, quoteVolume }: Ticker, seenAt: number) => ({
  symbol: symbolOf(pair),
  priceChange: text(last - open),
  priceChangePercent: ((last / open - 1) * 100).toFixed(3),
  weightedAvgPrice: text((high + low) / 2),
  prevClosePrice: text(open),
  lastPrice: text(last),
  lastQty: text(baseVolume / 1e4),
  bidPrice: text(bid),
  bidQty: '1.00000000',
  askPrice: text(ask),
  askQty: '1.00000000',
  openPrice: text(open),
  highPrice: text(high),
  lowPrice: text(low),
  volume: text(baseVolume),
  quoteVolume: text(quoteVolume),
  openTime: seenAt - 86_400_000,
  closeTime: seenAt,
  firstId: 1,
  lastId: 1_000,
  count: 1_000,
})

const exchangeInfo =
  (floor: Floor): Answerer =>
  () => ({
    timezone: 'UTC',
    serverTime: floor.tickers().seenAt,
    rateLimits: [],
    exchangeFilters: [],
    symbols: floor.pairs().map((pair) => ({
      symbol: symbolOf(pair),
      status: 'TRADING',
      baseAsset: pair.base,
      quoteAsset: pair.quote,
      isSpotTradingAllowed: true,
    })),
  })
