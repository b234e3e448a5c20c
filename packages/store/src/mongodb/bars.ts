import { BARS_KEPT, type BarInterval } from '@crypto-signals/contracts'
import { Binary, type Db } from 'mongodb'
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
import { batches } from './batches.ts'
import { call, upTo, WITHIN } from './call.ts'

/** A document a coin and interval, found by its id alone. */
export function barStore(db: Db): BarStore {
  const collection = db.collection<BarsDoc>('bars')

  async function stored(ids: readonly string[]): Promise<Map<string, PackedBars>> {
    const docs = await call(() => collection.find({ _id: { $in: [...ids] } }, upTo(ids.length)).toArray())
    return new Map(docs.map(({ _id, packed }) => [_id, barsIn(packed.value())]))
  }

  async function saveSome(bars: readonly PackedCoin[]): Promise<void> {
    const merged = await stored(bars.map(({ id }) => id))
    for (const { id, interval, news } of bars) {
      merged.set(id, mergeBars(merged.get(id) ?? NO_BARS, news, BARS_KEPT[interval]))
    }
    const writes = [...merged].map(([_id, packed]) => ({
      replaceOne: { filter: { _id }, replacement: { packed: new Binary(bytesOf(packed)) }, upsert: true },
    }))
    await call(() => collection.bulkWrite(writes, { ordered: false, ...WITHIN }))
  }

  return {
    save: async (bars) => {
      const packed = bars.map(({ coinId, interval, series }) => {
        return { id: barsKey(interval, coinId), interval, news: packBars(series) }
      })
      for (let start = 0; start < packed.length; start += BULK_SIZE) {
        await saveSome(packed.slice(start, start + BULK_SIZE))
      }
    },
    of: async (coinId, interval, range) => {
      const id = barsKey(interval, coinId)
      return barsBetween((await stored([id])).get(id) ?? NO_BARS, range)
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
}

interface PackedCoin {
  id: string
  interval: BarInterval
  news: PackedBars
}

// Two megabytes where every coin has all its bars.
const BULK_SIZE = 200

const AFTER_COLON = ';'
