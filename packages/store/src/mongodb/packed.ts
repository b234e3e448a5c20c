import { type AnyBulkWriteOperation, Binary, type Collection, type Db, MongoBulkWriteError } from 'mongodb'
import { StoreError } from '../store-error.ts'
import { call, isDuplicate, upTo, WITHIN } from './call.ts'

/** What one packed document holds becomes what it is to hold; of nothing there are no bytes. */
export type Change = (packed: Uint8Array) => Uint8Array

/** Documents of packed bytes, found by their ids alone. A write takes the place of the version that it was made of, so that several writers lose nothing. */
export interface PackedRecords {
  readonly collection: Collection<PackedDoc>
  /** The bytes of a document; none if it is not there. */
  read(id: string): Promise<Uint8Array>
  /** Changes documents, `bulkSize` at a time. */
  change(changes: ReadonlyMap<string, Change>): Promise<void>
}

interface PackedDoc {
  _id: string
  packed: Binary
  /** Rises with each write. */
  version: number
}

/** Names the record of a coin: those of an interval lie together, in the order of the coins. */
export const packedId = (interval: string, coinId: string) => `${interval}:${coinId}`

export function packedRecords(db: Db, name: 'bars' | 'scores', bulkSize: number): PackedRecords {
  const collection = db.collection<PackedDoc>(name)

  async function stored(ids: readonly string[]): Promise<Map<string, Stored>> {
    const docs = await call(() => collection.find({ _id: { $in: [...ids] } }, upTo(ids.length)).toArray())
    return new Map(docs.map(({ _id, packed, version }) => [_id, { packed: packed.value(), version }]))
  }

  async function changeSome(changes: ReadonlyMap<string, Change>): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const before = await stored([...changes.keys()])
      const writes = [...changes].flatMap(([id, change]) => writeOf(id, before.get(id), change) ?? [])
      if (writes.length === 0 || (await isWritten(writes))) return
    }
    throw new StoreError('STORE_UNAVAILABLE', `others write the same ${name} without end`)
  }

  /** Whether each of the writes met the version that it was made of. */
  async function isWritten(writes: AnyBulkWriteOperation<PackedDoc>[]): Promise<boolean> {
    const write = () =>
      collection.bulkWrite(writes, { ordered: false, ...WITHIN }).catch((error: unknown) => {
        if (!isConflict(error)) throw error
      })
    const result = await call(write)
    return result !== undefined && result.matchedCount + result.upsertedCount === writes.length
  }

  return {
    collection,
    read: async (id) => (await stored([id])).get(id)?.packed ?? NOTHING,
    change: async (changes) => {
      const all = [...changes]
      for (let start = 0; start < all.length; start += bulkSize) {
        await changeSome(new Map(all.slice(start, start + bulkSize)))
      }
    },
  }
}

interface Stored {
  packed: Uint8Array
  version: number
}

const NOTHING = new Uint8Array(0)

const NONE: Stored = { packed: NOTHING, version: 0 }

/** The write that makes a change; null if it changes nothing, as after a write whose neighbours met a conflict. */
function writeOf(
  _id: string,
  { packed: old, version }: Stored = NONE,
  change: Change,
): AnyBulkWriteOperation<PackedDoc> | null {
  const packed = change(old)
  if (version > 0 && Buffer.compare(packed, old) === 0) return null
  const replacement = { packed: new Binary(packed), version: version + 1 }
  return { replaceOne: { filter: { _id, version }, replacement, upsert: version === 0 } }
}

/** Whether all that went wrong is that others made the same documents first. */
const isConflict = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError &&
  isDuplicate(error) &&
  [error.writeErrors].flat().every(({ code }) => code === error.code)

// Each time somebody's write of each document goes through.
const MOST_ATTEMPTS = 50
