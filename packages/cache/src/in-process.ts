import type { Clock } from '@crypto-signals/clock'
import { LRUCache } from 'lru-cache'
import type { Cache } from './cache.ts'

/** The cache of a system that lives in one process. */
export function openInProcess({ clock }: CacheOptions): Cache {
  const windows = new LRUCache<string, Window>({ max: MAX_KEYS })
  return {
    adapter: 'in-process',
    async increment(key, windowMs) {
      const now = clock.now()
      const window = windows.get(key)
      const resetMs = window === undefined ? 0 : window.endsAt - now
      // Further away than a whole window: the machine's clock was set back.
      if (window === undefined || resetMs <= 0 || resetMs > windowMs) {
        windows.set(key, { count: 1, endsAt: now + windowMs })
        return { count: 1, resetMs: windowMs }
      }
      window.count++
      return { count: window.count, resetMs }
    },
    async ping() {},
    async [Symbol.asyncDispose]() {
      windows.clear()
    },
  }
}

export interface CacheOptions {
  clock: Clock
}

interface Window {
  count: number
  endsAt: number
}

/** Whoever has many addresses must not fill the memory with them: the key unused for longest makes room. */
const MAX_KEYS = 100_000
