import type { DatabaseSync } from 'node:sqlite'
import { mappingKey } from '../mapping-key.ts'
import type { Mapping, MappingStore } from '../store.ts'
import { batches } from './batches.ts'
import { transaction } from './transaction.ts'

/** A row a mapping. */
export function mappingStore(db: DatabaseSync): MappingStore {
  const put = db.prepare(`INSERT OR REPLACE INTO mappings (mapping, doc) VALUES (?, ?)`)
  const page = db.prepare(`SELECT mapping AS key, doc FROM mappings WHERE mapping > ? ORDER BY mapping LIMIT ?`)
  return {
    save: async (mappings) => {
      const rows = mappings.map((mapping) => [mappingKey(mapping), JSON.stringify(mapping)] as const)
      transaction(db, () => rows.forEach((row) => void put.run(...row)))
    },
    all: (size) => batches(page, size, ({ doc }) => JSON.parse(doc) as Mapping),
  }
}
