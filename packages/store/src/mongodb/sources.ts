import type { MarketIndex, SourceStatus } from '@crypto-signals/contracts'
import type { Collection, Db, Filter } from 'mongodb'
import type { ListedCoin, SourceStore, SweepProgress } from '../store.ts'
import { call, WITHIN } from './call.ts'
import { plain } from './plain.ts'

/** A document a source in each collection: the universe, over a megabyte, is not rewritten when the status changes. */
export function sourceStore(db: Db): SourceStore {
  const statuses = db.collection<Of<{ status: SourceStatus }>>('statuses')
  const universes = db.collection<Of<{ listedAt: string; coins: ListedCoin[] }>>('universes')
  const indices = db.collection<Of<{ value: MarketIndex }>>('indices')
  const sweeps = db.collection<Of<{ sweep: SweepProgress }>>('sweeps')
  return {
    saveStatus: async (status) => put(statuses, status.name, { status }),
    statuses: async () => (await every(statuses)).map(({ status }) => status),
    saveUniverse: async (source, listedAt, coins) => put(universes, source, { listedAt, coins: [...coins] }),
    universe: async (source) => {
      const doc = await call(() => universes.findOne({ _id: source }, WITHIN))
      return doc === null ? null : { listedAt: doc.listedAt, coins: doc.coins }
    },
    saveSweep: async (source, sweep) => put(sweeps, source, { sweep }),
    sweep: async (source) => (await call(() => sweeps.findOne({ _id: source }, WITHIN)))?.sweep ?? null,
    saveIndex: async (index) => put(indices, index.index, { value: index }),
    indices: async () => (await every(indices)).map(({ value }) => value),
  }
}

type Of<T> = T & { _id: string }

/** All documents, in the order of their ids. */
const every = <T extends object>(collection: Collection<Of<T>>) =>
  call(() =>
    collection.find({ _id: { $gt: '' } } as Filter<Of<T>>, { hint: { _id: 1 }, sort: { _id: 1 }, ...WITHIN }).toArray(),
  )

async function put<T extends object>(collection: Collection<Of<T>>, source: string, doc: T): Promise<void> {
  const replacement = plain(doc)
  // The cast: the driver's type does not see that a document without its _id is what it asks for.
  const update = { $set: replacement } as Parameters<typeof collection.updateOne>[1]
  await call(() => collection.updateOne({ _id: source } as never, update, { upsert: true, ...WITHIN }))
}
