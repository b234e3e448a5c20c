import type { Pair } from '../world/listing.ts'
import { text } from '../world/numbers.ts'
import type { Ticker } from '../world/tickers.ts'
import { exchange, limitOf } from './exchange.ts'
import { refusal } from './source.ts'

const symbolOf = ({ base, quote }: Pair) => base + quote
const INTERVALS_MS: Readonly<Record<string, number>> = {
  '5min': 300_000,
  '1h': 3_600_000,
  '1day': 86_400_000,
  '1Dutc': 86_400_000,
}

export const bitget = exchange({
  name: 'bitget',
  coins: 780,
  taste: 1.1,
  quotes: { USDT: 1, USDC: 0.1, BTC: 0.03, EUR: 0.02 },
  multipliers: true,
  leveraged: false,
  symbolOf,
  routes: (floor, view) => {
    const said = (data: unknown) => ({ code: '00000', msg: 'success', requestTime: view.seenAt(), data })
    return {
      '/public/time': () => said({ serverTime: String(view.seenAt()) }),
      '/spot/market/tickers': () => {
        const { rows, seenAt } = floor.tickers()
        return said(rows.map((row) => tickerRow(row, seenAt)))
      },
      '/spot/market/candles': ({ query }) => {
        const pair = floor.pairOf(query('symbol'))
        const intervalMs = INTERVALS_MS[query('granularity')]
        if (pair === undefined || intervalMs === undefined)
          return refusal(400, { code: '40034', msg: 'Parameter does not exist', data: null })
        return said(
          floor
            .candles(pair, { intervalMs, limit: limitOf(query('limit'), 100, 1_000) })
            .map(({ openedAtMs, open, high, low, close, baseVolume, quoteVolume }) => [
              String(openedAtMs),
              ...[open, high, low, close, baseVolume, quoteVolume, quoteVolume].map((value) => text(value)),
            ]),
        )
      },
      '/spot/public/symbols': () =>
        said(
          floor.pairs().map((pair) => ({
            symbol: symbolOf(pair),
            baseCoin: pair.base,
            quoteCoin: pair.quote,
            status: 'online',
          })),
        ),
    }
  },
})

const tickerRow = (row: Ticker, seenAt: number) => {
  const { pair, last, open, high, low, bid, ask, baseVolume, quoteVolume } = row
  return {
    open: text(open),
    symbol: symbolOf(pair),
    high24h: text(high),
    low24h: text(low),
    lastPr: text(last),
    quoteVolume: text(quoteVolume),
    baseVolume: text(baseVolume),
    usdtVolume: text(quoteVolume),
    ts: String(seenAt - (pair.seed % 3_000)),
    bidPr: text(bid),
    askPr: text(ask),
    bidSz: '1',
    askSz: '1',
    openUtc: text(open),
    changeUtc24h: (last / open - 1).toFixed(5),
    change24h: (last / open - 1).toFixed(5),
  }
}
