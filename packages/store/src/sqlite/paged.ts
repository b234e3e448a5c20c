import type { DatabaseSync } from 'node:sqlite'

/** Reads a page of a list, and how long the whole list is. */
export type PageReader<T> = (
  page: { offset: number; limit: number },
  ...values: string[]
) => { rows: T[]; total: number }

/** `rows` is what follows FROM, its placeholders filled by the values; `decode` reads the column `doc`. */
export function paged<T>(db: DatabaseSync, rows: string, order: string, decode: (doc: string) => T): PageReader<T> {
  const page = db.prepare(`SELECT doc FROM ${rows} ORDER BY ${order} LIMIT ? OFFSET ?`)
  const count = db.prepare(`SELECT count(*) AS total FROM ${rows}`)
  return ({ offset, limit }, ...values) => ({
    rows: (page.all(...values, limit, offset) as { doc: string }[]).map(({ doc }) => decode(doc)),
    total: Number(count.get(...values)?.total),
  })
}
