import type { StatementSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'

/**
 * All rows of a statement with the parameters `after`, `size` and then `values`, ordered by its column `key`, those without a `doc` left out.
 * It goes on from the last key it saw, so that rows written in the meantime move no others, and lets other work have its turn
 * between two pages.
 */
export async function* batches<Row extends { doc: string }, T>(
  page: StatementSync,
  size: number,
  decode: (row: Row) => T,
  ...values: string[]
): AsyncGenerator<T[]> {
  let after = ''
  for (;;) {
    const rows = page.all(after, size, ...values) as ({ key: string } & (Row | { doc: null }))[]
    const last = rows.at(-1)
    if (last === undefined) return
    const batch = rows.filter((row) => row.doc !== null).map(decode)
    if (batch.length > 0) yield batch
    after = last.key
    await setImmediate()
  }
}
