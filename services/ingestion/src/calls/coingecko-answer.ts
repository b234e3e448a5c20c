import type { Quote } from '@crypto-signals/contracts'
import type { ListedCoin } from '@crypto-signals/store'
import type { Answer, RowFault } from '../market-source.ts'
import type { Failure } from '../source-error.ts'
import { failureOf } from './coingecko-failure.ts'
import { readListRow } from './coingecko-list.ts'
import { readMarketRow } from './coingecko-row.ts'
import type { HttpAnswer } from './http-get.ts'
import type { RowReading } from './row-reading.ts'

/** The rows of an answer, not yet read, or why there are none. */
export function rowsIn(answer: HttpAnswer, now: number): unknown[] | Failure {
  const body = parsed(answer.text)
  const failure = failureOf(answer, body, now)
  if (failure !== null) return failure
  if (Array.isArray(body)) return body
  return { kind: 'failed', message: body === undefined ? 'the answer is not JSON' : 'the answer is not a list' }
}

/** What an answer to /ping says went wrong; null when nothing did. */
export const failureIn = (answer: HttpAnswer, now: number): Failure | null =>
  failureOf(answer, parsed(answer.text), now)

/** Reads rows of /coins/markets. Of each coin the newest observation stays, the first among equals. */
export function readQuotes(rows: readonly unknown[], source: string, receivedAt: number): Answer<Quote> {
  const { good, faults } = read(rows, (row) => readMarketRow(row, source, receivedAt))
  const newest = new Map<string, Quote>()
  for (const quote of good) {
    const known = newest.get(quote.coinId)
    if (known === undefined || quote.observedAt > known.observedAt) newest.set(quote.coinId, quote)
  }
  return { receivedAt, rows: [...newest.values()], faults, repeated: good.length - newest.size }
}

/** Reads rows of /coins/list. Of each coin the first stays. */
export function readCoins(rows: readonly unknown[], receivedAt: number): Answer<ListedCoin> {
  const { good, faults } = read(rows, readListRow)
  const first = new Map<string, ListedCoin>()
  for (const coin of good) if (!first.has(coin.id)) first.set(coin.id, coin)
  return { receivedAt, rows: [...first.values()], faults, repeated: good.length - first.size }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function read<T>(rows: readonly unknown[], readRow: (row: unknown) => RowReading<T>) {
  const good: T[] = []
  const faults: RowFault[] = []
  for (const row of rows) {
    const reading = readRow(row)
    if (reading.fault === undefined) good.push(reading.row)
    else faults.push(reading.fault)
  }
  return { good, faults }
}
