import type { Observation } from '../observation.ts'
import type { SourceFacts } from '../source.ts'
import type { Ground } from './ground.ts'
import { isUnchanged, type KnownKey, newKey } from './known-key.ts'
import { createMeanings, type Meanings } from './meanings.ts'
import { createNameHolders } from './name-holders.ts'
import type { CoinKey } from './source-view.ts'

/** The keys of one source, and what they mean. */
export interface KeyBook {
  /** What is known of a row's key, made out anew where it may have changed; null if there are more keys than can be kept. */
  find(row: Observation, nowMs: number): KnownKey | null
  /** What a key that is not proven may be of now. */
  openClaims: Meanings['openClaims']
  settle: Meanings['settle']
  drop: Meanings['drop']
  /** How a source with ids of its own names a coin. */
  keyOf: Meanings['keyOf']
  /** A key with its multiplier, as long as it is known to be of the coin. */
  keyFor(key: string, coinId: string): CoinKey | null
  /** Forgets keys not seen for long. */
  tidy(nowMs: number): void
}

export function createKeyBook(facts: SourceFacts, ground: Ground): KeyBook {
  const keys = new Map<string, KnownKey>()
  const names = createNameHolders()
  const { makeOut, openClaims, settle, drop, keyOf } = createMeanings(facts, ground, names)
  const add = (row: Observation, nowMs: number) => {
    if (keys.size >= MAX_KEYS) return null
    const known = newKey(row.key)
    keys.set(row.key, known)
    makeOut(known, row, nowMs)
    return known
  }
  return {
    find(row, nowMs) {
      const known = keys.get(row.key) ?? add(row, nowMs)
      if (known === null) return null
      if (known.generation !== ground.generation || !isUnchanged(known, row)) makeOut(known, row, nowMs)
      known.seenAtMs = nowMs
      if (known.nameKey !== null) names.note(known.nameKey, known.key, nowMs)
      return known
    },
    openClaims,
    settle,
    drop,
    keyOf,
    keyFor(key, coinId) {
      const known = keys.get(key)
      return known?.coin?.id === coinId ? { key, multiplier: known.multiplier } : null
    },
    tidy(nowMs) {
      names.tidy(nowMs)
      for (const known of keys.values()) {
        if (known.mapping !== null) ground.table.touch(known.mapping, known.seenAtMs)
        if (nowMs - known.seenAtMs > (known.mapping === null ? UNKNOWN_KEPT_MS : KNOWN_KEPT_MS)) keys.delete(known.key)
      }
    },
  }
}

/** More than any source has. */
const MAX_KEYS = 100_000
const UNKNOWN_KEPT_MS = 86_400_000
const KNOWN_KEPT_MS = 7 * 86_400_000
