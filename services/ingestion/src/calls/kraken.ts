import type { Failure } from '../source-error.ts'
import { SourceError } from '../source-error.ts'
import { secondsCandleAt } from './candles.ts'
import { type ClientOptions, failureWith, kindOfStatus } from './client.ts'
import { exchange } from './exchange.ts'
import { type Pair, separatedBy } from './pair.ts'
import { fieldOf } from './reading.ts'
import { entriesIn } from './ticker.ts'

const MINUTES = { '5m': 5, '1h': 60, '1d': 1_440 } as const

/** Kraken, where bitcoin is XBT and dogecoin XDG. Its names of pairs (XXBTZUSD, ADAUSD) do not tell what they are of: a list asked for once a day does. */
export const kraken = exchange({
  name: 'kraken',
  title: 'Kraken',
  site: 'https://www.kraken.com',
  listedAs: 'kraken',
  url: 'https://api.kraken.com/0/public',
  // It bears about one a second.
  perMinute: 30,
  minGapMs: 1_000,
  tickers: '/Ticker',
  candles: (pair, interval) => `/OHLC?pair=${pair}&interval=${MINUTES[interval]}`,
  failureOf,
  reader() {
    const pairs = new Map<string, Pair>()
    return {
      split: (pair) => pairs.get(pair) ?? null,
      listing: {
        path: '/AssetPairs',
        learn(body) {
          const listed = entriesIn(fieldOf(body, 'result'), '/AssetPairs').flatMap(listedPair)
          pairs.clear()
          for (const [name, pair] of listed) pairs.set(name, pair)
        },
      },
      tickers(body) {
        if (pairs.size === 0)
          throw new SourceError({ kind: 'failed', message: 'its pairs are not known yet' }, '/Ticker')
        const rows = entriesIn(fieldOf(body, 'result'), '/Ticker')
        // A pair that is not in the list, or not open for trade, is none that we want.
        return rows.filter(([pair]) => pairs.has(pair)).map(tickerOf)
      },
      candles: (body) =>
        entriesIn(fieldOf(body, 'result'), '/OHLC')
          .flatMap(([, rows]) => (Array.isArray(rows) ? rows : []))
          .map(secondsCandleAt({ openedAt: 0, open: 1, high: 2, low: 3, close: 4, volume: 6 })),
    }
  },
})

/** Of arrays the first is of today, the second of the last 24 hours. */
function tickerOf([pair, row]: [string, unknown]) {
  const at = (field: string, place: number): unknown => {
    const value = fieldOf(row, field)
    return Array.isArray(value) ? value[place] : undefined
  }
  return { pair, last: at('c', 0), high: at('h', 1), low: at('l', 1), baseVolume: at('v', 1) }
}

const splitName = separatedBy('/')

function listedPair([name, row]: [string, unknown]): [string, Pair][] {
  const [shown, status] = [fieldOf(row, 'wsname'), fieldOf(row, 'status')]
  const pair = typeof shown === 'string' && (status === undefined || status === 'online') ? splitName(shown) : null
  return pair === null ? [] : [[name, pair]]
}

/** It tells errors by words in a list, with status 200. */
function failureOf(...[answer, body, now]: Parameters<NonNullable<ClientOptions['failureOf']>>): Failure | null {
  const errors = fieldOf(body, 'error')
  const words = Array.isArray(errors) ? errors.filter((error) => typeof error === 'string').join(', ') : ''
  if (THROTTLED.test(words)) return failureWith(answer, { kind: 'throttled', words }, now)
  if (answer.status !== 200) return failureWith(answer, { kind: kindOfStatus(answer.status), words }, now)
  return words === '' ? null : failureWith(answer, { kind: PASSING.test(words) ? 'failed' : 'rejected', words }, now)
}

const THROTTLED = /rate limit|too many requests|throttled/i
const PASSING = /EService|internal error/i
