import type { Pair } from '../world/listing.ts'
import { text } from '../world/numbers.ts'
import type { Ticker } from '../world/tickers.ts'
import { exchange, limitOf } from './exchange.ts'
import type { Answerer } from './source.ts'

const symbolOf = ({ base, quote }: Pair) => `${base}-${quote}`
const INTERVALS_MS: Readonly<Record<string, number>> = {
  '5m': 300_000,
  '1H': 3_600_000,
  '1D': 86_400_000,
  '1Dutc': 86_400_000,
}

export const okx = exchange({
  name: 'okx',
  coins: 320,
  taste: 0.7,
  quotes: { USDT: 1, USD: 0.6, USDC: 0.5, EUR: 0.3, BTC: 0.15 },
  multipliers: false,
  leveraged: false,
  symbolOf,
  routes: (floor, view) => {
    const said = (data: unknown, code = '0', msg = '') => ({ code, msg, data })
    const candles: Answerer = ({ query }) => {
      const pair = floor.pairOf(query('instId'))
      const intervalMs = INTERVALS_MS[query('bar')]
      if (pair === undefined) return said([], '51001', "Instrument ID doesn't exist.")
      if (intervalMs === undefined) return said([], '51000', 'Parameter bar error')
      const endMs = query('after') === '' ? undefined : Number(query('after'))
      return said(
        floor
          .candles(pair, { intervalMs, limit: limitOf(query('limit'), 100, 300), ...(endMs && { endMs }) })
          .reverse()
          .map((candle) => [
            String(candle.openedAtMs),
            ...[candle.open, candle.high, candle.low, candle.close].map((value) => text(value)),
            text(candle.baseVolume),
            text(candle.quoteVolume),
            text(candle.quoteVolume),
            candle.openedAtMs + intervalMs <= view.seenAt() ? '1' : '0',
          ]),
      )
    }
    return {
      '/public/time': () => said([{ ts: String(view.seenAt()) }]),
      '/market/tickers': () => {
        const { rows, seenAt } = floor.tickers()
        return said(rows.map((row) => tickerRow(row, seenAt)))
      },
      '/market/candles': candles,
      '/market/history-candles': candles,
      '/public/instruments': () =>
        said(
          floor.pairs().map((pair) => ({
            instType: 'SPOT',
            instId: symbolOf(pair),
            baseCcy: pair.base,
            quoteCcy: pair.quote,
            state: 'live',
          })),
        ),
    }
  },
})

const tickerRow = (row: Ticker, seenAt: number) => {
  const { pair, last, open, high, low, bid, ask, baseVolume, quoteVolume } = row
  return {
    instType: 'SPOT',
    instId: symbolOf(pair),
    last: text(last),
    lastSz: '1',
    askPx: text(ask),
    askSz: '1',
    bidPx: text(bid),
    bidSz: '1',
    open24h: text(open),
    high24h: text(high),
    low24h: text(low),
    volCcy24h: text(quoteVolume),
    vol24h: text(baseVolume),
    ts: String(seenAt - (pair.seed % 5_000)),
    sodUtc0: text(open),
    sodUtc8: text(open),
  }
}
