import { BARS_KEPT, type BarInterval } from '@crypto-signals/contracts'
import { type AnyBulkWriteOperation, Binary, type Db, MongoBulkWriteError } from 'mongodb'
import {
  barsBetween,
  barsIn,
  barsKey,
  bytesOf,
  mergeBars,
  NO_BARS,
  type PackedBars,
  packBars,
  seriesOf,
} from '../packed-bars.ts'
import type { BarStore, CoinBars } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { batches } from './batches.ts'
import { call, isDuplicate, upTo, WITHIN } from './call.ts'

/** A document a coin and interval, found by its id alone. A write takes the place of the version that it was made of, so that two leaders lose nothing. */
export function barStore(db: Db): BarStore {
  const collection = db.collection<BarsDoc>('bars')

  async function stored(ids: readonly string[]): Promise<Map<string, StoredBars>> {
    const docs = await call(() => collection.find({ _id: { $in: [...ids] } }, upTo(ids.length)).toArray())
    return new Map(docs.map(({ _id, packed, version }) => [_id, { packed: barsIn(packed.value()), version }]))
  }

  async function saveSome(news: ReadonlyMap<string, News>): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const before = await stored([...news.keys()])
      const writes = [...news].flatMap(([id, one]) => writeOf(id, before.get(id), one) ?? [])
      if (writes.length === 0 || (await isWritten(writes))) return
    }
    throw new StoreError('STORE_UNAVAILABLE', 'others write the same bars without end')
  }

  /** Whether each of the writes met the version that it was made of. */
  async function isWritten(writes: AnyBulkWriteOperation<BarsDoc>[]): Promise<boolean> {
    const write = () =>
      collection.bulkWrite(writes, { ordered: false, ...WITHIN }).catch((error: unknown) => {
        if (!isConflict(error)) throw error
      })
    const result = await call(write)
    return result !== undefined && result.matchedCount + result.upsertedCount === writes.length
  }

  return {
    save: async (bars) => {
      const news = [...newsOf(bars)]
      for (let start = 0; start < news.length; start += BULK_SIZE) {
        await saveSome(new Map(news.slice(start, start + BULK_SIZE)))
      }
    },
    of: async (coinId, interval, range) => {
      const id = barsKey(interval, coinId)
      return barsBetween((await stored([id])).get(id)?.packed ?? NO_BARS, range)
    },
    all: (interval, size) => {
      const [first, end] = [barsKey(interval, ''), `${interval}${AFTER_COLON}`]
      return batches(async (after) => {
        const filter = { _id: { $gt: after === '' ? first : after, $lt: end } }
        const docs = await collection.find(filter, { hint: { _id: 1 }, sort: { _id: 1 }, ...upTo(size) }).toArray()
        const rows = docs.map(({ _id, packed }): CoinBars => {
          return { coinId: _id.slice(first.length), interval, series: seriesOf(barsIn(packed.value())) }
        })
        return { rows, last: docs.at(-1)?._id }
      })
    },
  }
}

interface BarsDoc {
  _id: string
  packed: Binary
  /** Rises with each write. */
  version: number
}

interface StoredBars {
  packed: PackedBars
  version: number
}

interface News {
  interval: BarInterval
  packed: PackedBars
}

/** What is to be saved, by document; two of the same are merged. */
function newsOf(bars: readonly CoinBars[]): Map<string, News> {
  const all = new Map<string, News>()
  for (const { coinId, interval, series } of bars) {
    const id = barsKey(interval, coinId)
    const earlier = all.get(id)?.packed ?? NO_BARS
    all.set(id, { interval, packed: mergeBars(earlier, packBars(series), BARS_KEPT[interval]) })
  }
  return all
}

/** The write that puts bars in; null if they are there already, as after a write whose neighbours met a conflict. */
function writeOf(
  _id: string,
  { packed: old, version }: StoredBars = NONE,
  { interval, packed }: News,
): AnyBulkWriteOperation<BarsDoc> | null {
  const merged = mergeBars(old, packed, BARS_KEPT[interval])
  if (version > 0 && Buffer.compare(bytesOf(merged), bytesOf(old)) === 0) return null
  const replacement = { packed: new Binary(bytesOf(merged)), version: version + 1 }
  return { replaceOne: { filter: { _id, version }, replacement, upsert: version === 0 } }
}

const NONE: StoredBars = { packed: NO_BARS, version: 0 }

/** Whether all that went wrong is that others made the same documents first. */
const isConflict = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError &&
  isDuplicate(error) &&
  [error.writeErrors].flat().every(({ code }) => code === error.code)

// Each time somebody's write of each document goes through.
const MOST_ATTEMPTS = 50

// Two megabytes where every coin has all its bars.
const BULK_SIZE = 200

const AFTER_COLON = ';'
