import type { ListedCoin } from '@crypto-signals/store'
import type { Observation } from '../observation.ts'
import type { Answer, ExchangePair } from '../source.ts'
import { readListRow } from './coingecko-list.ts'
import { readExchangePair } from './coingecko-pair.ts'
import { readMarketRow } from './coingecko-row.ts'
import { readObservations, readRows } from './reading.ts'
import type { RowReading } from './row-reading.ts'

/** Reads rows of /coins/markets. Of each coin the newest observation stays, the first among equals. */
export const readMarkets = (rows: readonly unknown[], receivedAt: number): Answer<Observation> =>
  readObservations(rows, receivedAt, (row) => readMarketRow(row, receivedAt))

/** Reads rows of /coins/list. Of each coin the first stays. */
export const readCoins = (rows: readonly unknown[], receivedAt: number): Answer<ListedCoin> =>
  firstOf(rows, receivedAt, readListRow, ({ id }) => id)

/** Reads tickers of /exchanges/{id}/tickers. Of each pair the first stays. */
export const readPairs = (rows: readonly unknown[], receivedAt: number): Answer<ExchangePair> =>
  firstOf(rows, receivedAt, readExchangePair, ({ base, target }) => `${base}/${target}`)

function firstOf<T>(
  rows: readonly unknown[],
  receivedAt: number,
  read: (row: unknown) => RowReading<T>,
  keyOf: (row: T) => string,
): Answer<T> {
  const { good, faults } = readRows(rows, read)
  const first = new Map<string, T>()
  for (const row of good) if (!first.has(keyOf(row))) first.set(keyOf(row), row)
  return { receivedAt, rows: [...first.values()], faults, repeated: good.length - first.size }
}
