import type { Clock } from '@crypto-signals/clock'
import { LRUCache } from 'lru-cache'

/** Values kept in this process; the one unused for longest makes room. */
export interface Values {
  get(key: string): Uint8Array | null
  set(key: string, value: Uint8Array, ttlMs: number): void
}

export function createValues(clock: Clock): Values {
  const values = new LRUCache<string, Value>({
    maxSize: MAX_TOTAL_BYTES,
    sizeCalculation: ({ bytes }) => bytes.byteLength + ENTRY_BYTES,
  })
  return {
    get(key) {
      const value = values.get(key)
      if (value === undefined) return null
      const leftMs = value.endsAt - clock.now()
      // Longer than it was to live: the machine's clock was set back.
      return leftMs > 0 && leftMs <= value.ttlMs ? value.bytes : null
    },
    set(key, bytes, ttlMs) {
      // A copy: the bytes may be a part of something much larger, and the caller may use them for something else.
      values.set(key, { bytes: new Uint8Array(bytes), ttlMs, endsAt: clock.now() + ttlMs })
    },
  }
}

interface Value {
  bytes: Uint8Array
  ttlMs: number
  endsAt: number
}

/** A value that takes long to send is sooner made anew. */
export const MAX_VALUE_BYTES = 2 ** 20

const MAX_TOTAL_BYTES = 64 * 2 ** 20
// The key, the entry and its place in the list.
const ENTRY_BYTES = 512
