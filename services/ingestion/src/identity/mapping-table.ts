import { instantOf } from '@crypto-signals/clock'
import type { Mapping, MappingStore } from '@crypto-signals/store'
import type { Logger } from 'pino'

/** How a mapping was found, the most trusted first. */
export const METHODS = ['contract', 'pairs', 'pairs-of-base', 'name-and-price'] as const
export type Method = (typeof METHODS)[number]

/** What is known of which coin the keys of sources mean, kept in the store. */
export interface MappingTable {
  /** Takes over what the store holds, in place of what was known of the same keys; rejects with the signal's reason. */
  recall(signal?: AbortSignal): Promise<void>
  /** Of one source, by key. */
  of(source: string): ReadonlyMap<string, Mapping>
  sources(): Iterable<string>
  put(mapping: Mapping): void
  /** The source used the mapping just now. */
  touch(mapping: Mapping, nowMs: number): void
  drop(mapping: Mapping, reason: string, nowMs: number): void
  /** Writes what has changed since; what could not be written stays to be. */
  flush(): Promise<void>
}

export function createMappingTable(store: MappingStore, log: Logger): MappingTable {
  const bySource = new Map<string, Map<string, Mapping>>()
  const dirty = new Set<Mapping>()
  const keep = (mapping: Mapping) => {
    const mappings = bySource.get(mapping.source) ?? new Map<string, Mapping>()
    const last = mappings.get(mapping.key)
    if (last !== undefined) dirty.delete(last)
    bySource.set(mapping.source, mappings.set(mapping.key, mapping))
  }
  const write = createSerialWriter(store, dirty, ({ source, key }) => bySource.get(source)?.get(key))
  return {
    async recall(signal) {
      for await (const batch of store.all(BATCH)) {
        signal?.throwIfAborted()
        for (const mapping of batch) keep({ ...mapping })
      }
      log.debug({ sources: bySource.size }, 'mappings recalled')
    },
    of: (source) => bySource.get(source) ?? NONE,
    sources: () => bySource.keys(),
    put(mapping) {
      keep(mapping)
      dirty.add(mapping)
    },
    touch(mapping, nowMs) {
      if (nowMs - Date.parse(mapping.lastSeenAt) < TOUCH_MS) return
      mapping.lastSeenAt = instantOf(nowMs)
      dirty.add(mapping)
    },
    drop(mapping, reason, nowMs) {
      const { source, key, coinId, method, multiplier } = mapping
      mapping.dropped = { at: instantOf(nowMs), reason }
      dirty.add(mapping)
      log.warn({ source, key, coinId, method, multiplier, reason }, 'a mapping was wrong: dropped')
    },
    flush: write,
  }
}

const NONE: ReadonlyMap<string, Mapping> = new Map()
const BATCH = 500
/** When a key was last seen is written no finer than this: the store need not hear of each answer. */
const TOUCH_MS = 86_400_000

/** Writes one batch after the other, also if asked twice at once. */
function createSerialWriter(
  store: MappingStore,
  dirty: Set<Mapping>,
  current: (mapping: Mapping) => Mapping | undefined,
): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  const write = async () => {
    while (dirty.size > 0) {
      const batch = [...dirty].slice(0, BATCH)
      for (const mapping of batch) dirty.delete(mapping)
      try {
        await store.save(batch.map((mapping) => ({ ...mapping })))
      } catch (error) {
        for (const mapping of batch) if (current(mapping) === mapping) dirty.add(mapping)
        throw error
      }
    }
  }
  return () => {
    last = last.then(write, write)
    return last
  }
}
