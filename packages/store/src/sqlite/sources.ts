import type { DatabaseSync } from 'node:sqlite'
import type { MarketIndex, SourceStatus } from '@crypto-signals/contracts'
import type { ListedCoin, SourceStore, SweepProgress } from '../store.ts'

/** A row a source in each table: the universe, over a megabyte, is not rewritten when the status changes. */
export function sourceStore(db: DatabaseSync): SourceStore {
  const putStatus = db.prepare(`INSERT OR REPLACE INTO statuses (source, doc) VALUES (?, ?)`)
  const statuses = db.prepare(`SELECT doc FROM statuses ORDER BY source`)
  const putUniverse = db.prepare(`INSERT OR REPLACE INTO universes (source, listed_at, doc) VALUES (?, ?, ?)`)
  const universe = db.prepare(`SELECT listed_at AS listedAt, doc FROM universes WHERE source = ?`)
  const putSweep = db.prepare(`INSERT OR REPLACE INTO sweeps (source, doc) VALUES (?, ?)`)
  const sweep = db.prepare(`SELECT doc FROM sweeps WHERE source = ?`)
  const putIndex = db.prepare(`INSERT OR REPLACE INTO indices (name, doc) VALUES (?, ?)`)
  const indices = db.prepare(`SELECT doc FROM indices ORDER BY name`)
  return {
    saveStatus: async (status) => void putStatus.run(status.name, JSON.stringify(status)),
    statuses: async () => (statuses.all() as { doc: string }[]).map(({ doc }) => JSON.parse(doc) as SourceStatus),
    saveUniverse: async (source, listedAt, coins) => void putUniverse.run(source, listedAt, JSON.stringify(coins)),
    universe: async (source) => {
      const row = universe.get(source) as { listedAt: string; doc: string } | undefined
      return row === undefined ? null : { listedAt: row.listedAt, coins: JSON.parse(row.doc) as ListedCoin[] }
    },
    saveSweep: async (source, progress) => void putSweep.run(source, JSON.stringify(progress)),
    sweep: async (source) => {
      const row = sweep.get(source) as { doc: string } | undefined
      return row === undefined ? null : (JSON.parse(row.doc) as SweepProgress)
    },
    saveIndex: async (index) => void putIndex.run(index.index, JSON.stringify(index)),
    indices: async () => (indices.all() as { doc: string }[]).map(({ doc }) => JSON.parse(doc) as MarketIndex),
  }
}
