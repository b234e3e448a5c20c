import type { Quote } from '@crypto-signals/contracts'
import { Binary, type Db } from 'mongodb'
import type { QuoteStore } from '../store.ts'
import { batches, documentsAfter } from './batches.ts'
import { call, upTo, WITHIN } from './call.ts'
import { saveNewest } from './newest.ts'
import { plain } from './plain.ts'
import { signalsOf } from './signals.ts'

/** A document a coin, its sparkline packed: eight bytes a point, bit for bit. */
export function quoteStore(db: Db): QuoteStore {
  const quotes = db.collection<QuoteDoc>('quotes')
  const signals = signalsOf(db)

  async function unscoredPage(after: string, size: number) {
    const times = await documentsAfter(quotes, after, size, { observedAt: 1, receivedAt: 1 })
    const ids = times.map(({ _id }) => _id)
    const scored = await signals
      .find({ _id: { $in: ids } }, { projection: { observedAt: 1, updatedAt: 1 }, ...upTo(size) })
      .toArray()
    const scoredAt = new Map(scored.map(({ _id, observedAt, updatedAt }) => [_id, [observedAt, updatedAt] as const]))
    const waiting = times.filter(({ _id, observedAt, receivedAt }) => {
      const [observed = '', updated = ''] = scoredAt.get(_id) ?? []
      return observedAt > observed || (observedAt === observed && receivedAt > updated)
    })
    return { rows: await some(waiting.map(({ _id }) => _id)), last: ids.at(-1) }
  }

  async function some(ids: string[]): Promise<Quote[]> {
    if (ids.length === 0) return []
    const filter = { _id: { $in: ids } }
    const docs = await quotes.find(filter, { sort: { _id: 1 }, ...upTo(ids.length) }).toArray()
    return docs.map(quoteOf)
  }

  return {
    save: async (batch) => saveNewest(quotes, batch.map(docOf), 'receivedAt'),
    get: async (coinId) => {
      const doc = await call(() => quotes.findOne({ _id: coinId }, WITHIN))
      return doc === null ? null : quoteOf(doc)
    },
    all: (size) =>
      batches(async (after) => {
        const docs = await documentsAfter(quotes, after, size)
        return { rows: docs.map(quoteOf), last: docs.at(-1)?._id }
      }),
    unscored: (size) => batches((after) => unscoredPage(after, size)),
  }
}

type QuoteDoc = Omit<Quote, 'coinId' | 'sparkline'> & { _id: string; sparkline: Binary | null }

function docOf({ coinId, sparkline, ...quote }: Quote): QuoteDoc {
  return { _id: coinId, ...plain(quote), sparkline: packed(sparkline) }
}

const quoteOf = ({ _id, sparkline, ...quote }: QuoteDoc): Quote => ({
  coinId: _id,
  ...quote,
  sparkline: pointsOf(sparkline),
})

const packed = (points: Quote['sparkline']) =>
  points === null ? null : new Binary(new Uint8Array(Float64Array.from(points).buffer))

const pointsOf = (packed: Binary | null) =>
  // A copy, as a Float64Array must begin at a multiple of eight bytes.
  packed === null ? null : Array.from(new Float64Array(Uint8Array.from(packed.value()).buffer))
