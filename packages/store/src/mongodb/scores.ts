import type { Db } from 'mongodb'
import { mergeScores, NO_SCORES, pointsIn } from '../packed-scores.ts'
import type { CoinScores, ScoreStore } from '../store.ts'
import { type Change, packedId, packedRecords } from './packed.ts'

/** A document a coin and interval. */
export function scoreStore(db: Db): ScoreStore {
  const records = packedRecords(db, 'scores', BULK_SIZE)
  return {
    save: async (scores) => records.change(changesOf(scores)),
    of: async (coinId, interval) => pointsIn(await records.read(packedId(interval, coinId)), interval),
  }
}

/** What is to be put in, by document; of two that speak of the same the points of the later come after those of the earlier. */
function changesOf(scores: readonly CoinScores[]): Map<string, Change> {
  const changes = new Map<string, Change>()
  for (const { coinId, interval, points } of scores) {
    const id = packedId(interval, coinId)
    const earlier = changes.get(id)
    // Nothing is written of a call that holds a point which cannot be.
    mergeScores(NO_SCORES, points, interval)
    changes.set(id, (old) => mergeScores(earlier?.(old) ?? old, points, interval))
  }
  return changes
}

// As many as both intervals of a batch of coins.
const BULK_SIZE = 500
