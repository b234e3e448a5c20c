import { BARS_KEPT } from '@crypto-signals/contracts'
import type { Db } from 'mongodb'
import {
  barsBetween,
  barsIn,
  bytesOf,
  mergeBars,
  NO_BARS,
  type PackedBars,
  packBars,
  seriesOf,
} from '../packed-bars.ts'
import type { BarStore, CoinBars } from '../store.ts'
import { batches } from './batches.ts'
import { upTo } from './call.ts'
import { type Change, packedId, packedRecords } from './packed.ts'

/** A document a coin and interval. */
export function barStore(db: Db): BarStore {
  const records = packedRecords(db, 'bars', BULK_SIZE)
  return {
    save: async (bars) => records.change(changesOf(bars)),
    of: async (coinId, interval, range) => {
      return barsBetween(barsIn(await records.read(packedId(interval, coinId))), range)
    },
    all: (interval, size) => {
      const [first, end] = [packedId(interval, ''), `${interval}${AFTER_COLON}`]
      return batches(async (after) => {
        const filter = { _id: { $gt: after === '' ? first : after, $lt: end } }
        const options = { hint: { _id: 1 }, sort: { _id: 1 }, ...upTo(size) } as const
        const docs = await records.collection.find(filter, options).toArray()
        const rows = docs.map(({ _id, packed }): CoinBars => {
          return { coinId: _id.slice(first.length), interval, series: seriesOf(barsIn(packed.value())) }
        })
        return { rows, last: docs.at(-1)?._id }
      })
    },
  }
}

/** What is to be put in, by document; two of the same are merged. */
function changesOf(bars: readonly CoinBars[]): Map<string, Change> {
  const news = new Map<string, { packed: PackedBars; kept: number }>()
  for (const { coinId, interval, series } of bars) {
    const [id, kept] = [packedId(interval, coinId), BARS_KEPT[interval]]
    news.set(id, { packed: mergeBars(news.get(id)?.packed ?? NO_BARS, packBars(series), kept), kept })
  }
  return new Map(
    Array.from(news, ([id, { packed, kept }]) => [id, (old) => bytesOf(mergeBars(barsIn(old), packed, kept))]),
  )
}

// Two megabytes where every coin has all its bars.
const BULK_SIZE = 200

const AFTER_COLON = ';'
