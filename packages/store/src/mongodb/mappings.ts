import type { Db } from 'mongodb'
import { mappingKey } from '../mapping-key.ts'
import type { Mapping, MappingStore } from '../store.ts'
import { batches, documentsAfter } from './batches.ts'
import { call, WITHIN } from './call.ts'
import { plain } from './plain.ts'

/** A document a mapping. */
export function mappingStore(db: Db): MappingStore {
  const collection = db.collection<MappingDoc>('mappings')
  return {
    save: async (mappings) => {
      const writes = mappings.map((mapping) => ({
        replaceOne: { filter: { _id: mappingKey(mapping) }, replacement: plain(mapping), upsert: true },
      }))
      for (let start = 0; start < writes.length; start += BULK_SIZE) {
        const bulk = writes.slice(start, start + BULK_SIZE)
        await call(() => collection.bulkWrite(bulk, { ...WITHIN }))
      }
    },
    all: (size) =>
      batches(async (after) => {
        const docs = await documentsAfter(collection, after, size)
        return { rows: docs.map(({ _id, ...mapping }) => mapping), last: docs.at(-1)?._id }
      }),
  }
}

type MappingDoc = Mapping & { _id: string }

const BULK_SIZE = 500
