import type { Pair } from '../world/listing.ts'
import { text, unixSeconds } from '../world/numbers.ts'
import { exchange } from './exchange.ts'

const symbolOf = ({ base, quote }: Pair) => `${base}-${quote}`
const INTERVALS_MS: Readonly<Record<string, number>> = { '5min': 300_000, '1hour': 3_600_000, '1day': 86_400_000 }

export const kucoin = exchange({
  name: 'kucoin',
  coins: 880,
  taste: 1.2,
  quotes: { USDT: 1, USDC: 0.1, BTC: 0.12, ETH: 0.05, EUR: 0.02 },
  multipliers: true,
  leveraged: true,
  symbolOf,
  routes: (floor, view) => {
    const said = (data: unknown) => ({ code: '200000', data })
    return {
      '/timestamp': () => said(view.seenAt()),
      '/status': () => said({ status: 'open', msg: '' }),
      '/market/allTickers': () => {
        const { rows, seenAt } = floor.tickers()
        return said({
          time: seenAt,
          ticker: rows.map(({ pair, last, open, high, low, bid, ask, baseVolume, quoteVolume }) => ({
            symbol: symbolOf(pair),
            symbolName: symbolOf(pair),
            buy: text(bid),
            bestBidSize: '1',
            sell: text(ask),
            bestAskSize: '1',
            changeRate: (last / open - 1).toFixed(4),
            changePrice: text(last - open),
            high: text(high),
            low: text(low),
            vol: text(baseVolume),
            volValue: text(quoteVolume),
            last: text(last),
            averagePrice: text((high + low) / 2),
            takerFeeRate: '0.001',
            makerFeeRate: '0.001',
            takerCoefficient: '1',
            makerCoefficient: '1',
          })),
        })
      },
      '/market/candles': ({ query }) => {
        const pair = floor.pairOf(query('symbol'))
        const intervalMs = INTERVALS_MS[query('type')]
        if (pair === undefined || intervalMs === undefined) return { code: '400100', msg: 'Invalid parameter' }
        const endMs = Number(query('endAt') || '0') * 1_000 || view.seenAt() + 1
        const startMs = Number(query('startAt') || '0') * 1_000
        const limit = startMs > 0 ? Math.min(1_500, Math.ceil((endMs - startMs) / intervalMs)) : 100
        return said(
          floor
            .candles(pair, { intervalMs, limit: Math.max(1, limit), endMs })
            .reverse()
            .map(({ openedAtMs, open, close, high, low, baseVolume, quoteVolume }) => [
              String(unixSeconds(openedAtMs)),
              ...[open, close, high, low, baseVolume, quoteVolume].map((value) => text(value)),
            ]),
        )
      },
    }
  },
})
