import type { AnyBulkWriteOperation, Collection, Document } from 'mongodb'
import { call, isDuplicate, WITHIN } from './call.ts'

/** Of one coin; `times` of two documents compare as strings, one after the other. */
export interface Observed {
  _id: string
  observedAt: string
}

// Small enough for one message to be answered well within the limit of a call.
const BULK_SIZE = 500

/** Keeps of each `_id` the newest by (observedAt, `second`), whatever the order of the documents and of concurrent calls. */
export async function saveNewest<Doc extends Observed>(
  collection: Collection<Doc>,
  docs: readonly Doc[],
  second: keyof Doc & string,
): Promise<void> {
  const upserts = docs.map((doc) => upsertOf(doc, second))
  for (let start = 0; start < upserts.length; start += BULK_SIZE) {
    const bulk = upserts.slice(start, start + BULK_SIZE)
    const write = () => collection.bulkWrite(bulk, { ordered: false, ...WITHIN })
    // Two that insert the same coin at once: for the second try it is there.
    await call(() =>
      write().catch((error: unknown) => {
        if (!isDuplicate(error)) throw error
        return write()
      }),
    )
  }
}

function upsertOf<Doc extends Observed>(doc: Doc, second: keyof Doc & string): AnyBulkWriteOperation<Doc> {
  const times = [doc.observedAt, doc[second]]
  if (times.some((time) => typeof time !== 'string')) throw new TypeError(`${doc._id} has no time of observation`)
  // Where there is no document yet, its times are null, which is less than any string.
  const isNewer = { $lt: [['$observedAt', `$${second}`], { $literal: times }] }
  const update: Document[] = [{ $replaceWith: { $cond: [isNewer, { $literal: doc }, '$$ROOT'] } }]
  return { updateOne: { filter: { _id: doc._id }, update, upsert: true } } as unknown as AnyBulkWriteOperation<Doc>
}
