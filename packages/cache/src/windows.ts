import type { Clock } from '@crypto-signals/clock'
import { LRUCache } from 'lru-cache'
import type { Count } from './cache.ts'

/** Counts in fixed windows, as this process knows them. */
export interface Windows {
  increment(key: string, windowMs: number): Count
  /** The count of the window that runs, if one does. */
  running(key: string, windowMs: number): Count | undefined
  /** Takes over a count that was answered, to a question asked at `askedAt`, where others count too. */
  learn(key: string, counted: Count, askedAt: number): void
}

export function createWindows(clock: Clock): Windows {
  const windows = new LRUCache<string, Window>({ max: MAX_KEYS })
  const running = (key: string, windowMs: number) => {
    const window = windows.get(key)
    if (window === undefined) return undefined
    const resetMs = window.endsAt - clock.now()
    // Further away than a whole window: the machine's clock was set back.
    return resetMs <= 0 || resetMs > windowMs ? undefined : { count: window.count, resetMs }
  }
  return {
    running,
    increment(key, windowMs) {
      const { count, resetMs } = running(key, windowMs) ?? { count: 0, resetMs: windowMs }
      windows.set(key, { count: count + 1, endsAt: clock.now() + resetMs })
      return { count: count + 1, resetMs }
    },
    learn(key, { count, resetMs }, askedAt) {
      // Answers may overtake each other. Counted from the question, a window never seems to last longer than it does.
      const known = running(key, Infinity)?.count ?? 0
      windows.set(key, { count: Math.max(count, known), endsAt: askedAt + resetMs })
    },
  }
}

interface Window {
  count: number
  endsAt: number
}

/** Whoever has many addresses must not fill the memory with them: the key unused for longest makes room. */
const MAX_KEYS = 100_000
