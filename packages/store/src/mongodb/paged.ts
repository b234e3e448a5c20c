import type { Collection, Document, Filter, Sort, WithId } from 'mongodb'
import { upTo, WITHIN } from './call.ts'

interface PageQuery<Doc> {
  /** Empty: all there are. */
  filter: Filter<Doc>
  sort: Sort
  offset: number
  limit: number
}

/** A page of a list, and how long the whole list is. */
export async function paged<Doc extends Document, T>(
  collection: Collection<Doc>,
  { filter, sort, offset, limit }: PageQuery<Doc>,
  decode: (doc: WithId<Doc>) => T,
): Promise<{ rows: T[]; total: number }> {
  const [docs, total] = await Promise.all([
    collection.find(filter, { sort, skip: offset, ...upTo(limit) }).toArray(),
    countOf(collection, filter),
  ])
  return { rows: docs.map(decode), total }
}

/** How many documents match, counted in an index. */
export function countOf<Doc extends Document>(collection: Collection<Doc>, filter: Filter<Doc>): Promise<number> {
  if (Object.keys(filter).length > 0) return collection.countDocuments(filter, WITHIN)
  // An empty filter would be counted by reading every document.
  return collection.countDocuments({ _id: { $gt: '' } } as Filter<Doc>, { hint: { _id: 1 }, ...WITHIN })
}
