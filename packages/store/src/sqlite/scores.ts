import type { DatabaseSync } from 'node:sqlite'
import { mergeScores, NO_SCORES, pointsIn } from '../packed-scores.ts'
import type { ScoreStore } from '../store.ts'
import { transaction } from './transaction.ts'

/** A row a coin and interval. */
export function scoreStore(db: DatabaseSync): ScoreStore {
  const one = db.prepare(`SELECT packed FROM scores WHERE interval = ? AND coin_id = ?`)
  const put = db.prepare(PUT)
  const stored = (interval: string, coinId: string) =>
    (one.get(interval, coinId) as { packed: Uint8Array } | undefined)?.packed ?? NO_SCORES
  return {
    save: async (scores) =>
      transaction(db, () => {
        for (const { coinId, interval, points } of scores) {
          put.run(interval, coinId, mergeScores(stored(interval, coinId), points, interval))
        }
      }),
    of: async (coinId, interval) => pointsIn(stored(interval, coinId), interval),
  }
}

const PUT = `
  INSERT INTO scores (interval, coin_id, packed) VALUES (?, ?, ?)
  ON CONFLICT (interval, coin_id) DO UPDATE SET packed = excluded.packed`
