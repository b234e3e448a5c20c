import type { DatabaseSync } from 'node:sqlite'
import type { ScoredCoin } from '@crypto-signals/contracts'
import type { SignalStore } from '../store.ts'
import { batches } from './batches.ts'
import { transaction } from './transaction.ts'

/** The four signals of a coin are one row: they are written, read and replaced as one. */
export function signalStore(db: DatabaseSync): SignalStore {
  const upsert = db.prepare(UPSERT)
  const some = db.prepare(`SELECT doc FROM signals WHERE coin_id IN (SELECT value FROM json_each(?))`)
  const page = db.prepare(`SELECT coin_id AS key, doc FROM signals WHERE coin_id > ? ORDER BY coin_id LIMIT ?`)
  return {
    save: async (coins) => {
      const rows = coins.map(rowOf)
      transaction(db, () => rows.forEach((row) => void upsert.run(...row)))
    },
    of: async (coinIds) => (some.all(JSON.stringify(coinIds)) as { doc: string }[]).map(coinOf),
    all: (size) => batches(page, size, coinOf),
  }
}

const UPSERT = `
  INSERT INTO signals (coin_id, observed_at, updated_at, doc) VALUES (?, ?, ?, ?)
  ON CONFLICT (coin_id) DO UPDATE SET
    observed_at = excluded.observed_at, updated_at = excluded.updated_at, doc = excluded.doc
  WHERE (excluded.observed_at, excluded.updated_at) > (signals.observed_at, signals.updated_at)`

function rowOf(coin: ScoredCoin) {
  const [signal] = coin.signals
  // A coin without signals, which no contract lets through, meets NOT NULL and takes its batch with it.
  return [coin.coinId, signal?.observedAt ?? null, signal?.updatedAt ?? null, JSON.stringify(coin)] as const
}

const coinOf = ({ doc }: { doc: string }) => JSON.parse(doc) as ScoredCoin
