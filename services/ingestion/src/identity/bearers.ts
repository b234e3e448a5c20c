import type { Mapping } from '@crypto-signals/store'
import type { CoinKey } from './source-view.ts'

/** Which key of a source with ids of its own each coin has. */
export interface Bearers {
  keyOf(coinId: string): CoinKey | null
  /** Whether another key of the source is of the coin; one that it gave up long ago does not count. */
  hasOther(coinId: string, key: string, nowMs: number): boolean
  put(mapping: Mapping): void
  remove(mapping: Mapping): void
}

/** Reads `mappings` when first asked, and again when `version` has changed. */
export function createBearers(mappings: () => ReadonlyMap<string, Mapping>, version: () => number): Bearers {
  const known = new Map<string, Mapping>()
  let knownVersion: number | null = null
  const bearers = () => {
    if (knownVersion === version()) return known
    knownVersion = version()
    known.clear()
    for (const mapping of mappings().values()) if (mapping.dropped === null) known.set(mapping.coinId, mapping)
    return known
  }
  return {
    keyOf: (coinId) => bearers().get(coinId) ?? null,
    hasOther(coinId, key, nowMs) {
      const other = bearers().get(coinId)
      return other !== undefined && other.key !== key && nowMs - Date.parse(other.lastSeenAt) <= RECENT_MS
    },
    put(mapping) {
      bearers().set(mapping.coinId, mapping)
    },
    remove(mapping) {
      if (bearers().get(mapping.coinId) === mapping) bearers().delete(mapping.coinId)
    },
  }
}

const RECENT_MS = 8 * 86_400_000
