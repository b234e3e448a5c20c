import type { Collection, Document, Filter, WithId } from 'mongodb'
import { call, upTo } from './call.ts'

export interface Page<T> {
  rows: T[]
  /** The last `_id` looked at; undefined: there are no more. */
  last: string | undefined
}

/** All rows, a page at a time. It goes on from the last key it saw, so that rows written in the meantime move no others. */
export async function* batches<T>(page: (after: string) => Promise<Page<T>>): AsyncGenerator<T[]> {
  let after = ''
  for (;;) {
    const { rows, last } = await call(() => page(after))
    if (rows.length > 0) yield rows
    if (last === undefined) return
    after = last
  }
}

/** The next `size` documents after a key, in the order of their keys: that of their UTF-8 bytes, as in SQLite. */
export function documentsAfter<Doc extends Document & { _id: string }>(
  collection: Collection<Doc>,
  after: string,
  size: number,
  projection: Document = {},
): Promise<WithId<Doc>[]> {
  const filter = { _id: { $gt: after } } as Filter<Doc>
  return collection.find(filter, { projection, hint: { _id: 1 }, sort: { _id: 1 }, ...upTo(size) }).toArray()
}
