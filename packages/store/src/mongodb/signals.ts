import type { ScoredCoin } from '@crypto-signals/contracts'
import type { Collection, Db } from 'mongodb'
import type { SignalStore } from '../store.ts'
import { batches, documentsAfter } from './batches.ts'
import { call, upTo } from './call.ts'
import { saveNewest } from './newest.ts'
import { plain } from './plain.ts'

/** The four signals of a coin are one document: they are written, read and replaced as one. */
export function signalStore(db: Db): SignalStore {
  const signals = signalsOf(db)
  return {
    save: async (coins) => saveNewest(signals, coins.map(docOf), 'updatedAt'),
    of: async (coinIds) => {
      if (coinIds.length === 0) return []
      const filter = { _id: { $in: [...coinIds] } }
      const docs = await call(() => signals.find(filter, upTo(coinIds.length)).toArray())
      return docs.map(coinOf)
    },
    all: (size) =>
      batches(async (after) => {
        const docs = await documentsAfter(signals, after, size)
        return { rows: docs.map(coinOf), last: docs.at(-1)?._id }
      }),
  }
}

/** With the times of the first signal beside it, which decide what is newest. */
type SignalsDoc = Omit<ScoredCoin, 'coinId'> & { _id: string; observedAt: string; updatedAt: string }

export const signalsOf = (db: Db): Collection<SignalsDoc> => db.collection<SignalsDoc>('signals')

function docOf({ coinId, ...coin }: ScoredCoin): SignalsDoc {
  const [signal] = coin.signals
  if (signal === undefined) throw new TypeError(`${coinId} has no signals`)
  return { _id: coinId, observedAt: signal.observedAt, updatedAt: signal.updatedAt, ...plain(coin) }
}

const coinOf = ({ _id, changePct, signals }: SignalsDoc): ScoredCoin => ({ coinId: _id, changePct, signals })
