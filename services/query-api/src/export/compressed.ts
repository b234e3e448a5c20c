import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import type { MarketRow } from '@crypto-signals/contracts'
import { joinedRows } from '../read-model/joined-rows.ts'
import type { Market } from '../read-model/market.ts'
import type { RowFilter } from '../read-model/row-filter.ts'
import { CSV_HEAD, csvLine } from './csv.ts'

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The rows that a filter fits as they are now, by rank, each a line of JSON. */
export function partsOf({ coins, rows }: Market, filter: RowFilter): Buffer[] {
  const ranked = coins.page('marketCapRank', { offset: 0, limit: coins.size }).rows
  const slots = Array.from(ranked).filter((slot) => filter.fits(slot))
  return Array.from({ length: Math.ceil(slots.length / PART_ROWS) }, (_, i) =>
    joinedRows(rows, slots.slice(i * PART_ROWS, (i + 1) * PART_ROWS), { separator: '\n', tail: '\n' }),
  )
}

const PART_ROWS = 250

/** The same as lines of a table, one part in each turn of the event loop: 17,000 rows at once would hold everybody up. */
export async function* linesOf(parts: readonly Buffer[]): AsyncIterable<Buffer> {
  yield Buffer.from(CSV_HEAD)
  for (const part of parts) {
    await setImmediate()
    const rows = part.toString().trimEnd().split('\n')
    yield Buffer.from(rows.map((row) => csvLine(JSON.parse(row) as MarketRow)).join(''))
  }
}

/** Compresses in a thread of its own. */
export async function compressed(parts: Iterable<Buffer> | AsyncIterable<Buffer>) {
  const gzip = createGzip({ level: LEVEL })
  const [bytes] = await Promise.all([buffer(gzip), pipeline(parts, gzip)])
  return { gzip: bytes, length: gzip.bytesWritten }
}

// Of 14 MB this makes 2.6 MB in a fifth of the time that the best takes.
const LEVEL = 4
