import type { Clock } from '@crypto-signals/clock'

/** Keeps a source that fails again and again from being called; the first call after a pause is the trial. */
export interface Breaker {
  /** No call before this time, ms since the epoch. */
  openUntil: () => number
  succeeded: () => void
  failed: () => void
}

export const FAILURES_TO_OPEN = 5
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 600_000

/** A breaker for calls made one at a time. Libraries for this bring timers of their own, which no test can hold still. */
export function createBreaker(clock: Clock): Breaker {
  let failures = 0
  let pauseMs = FIRST_PAUSE_MS
  let until = 0
  return {
    openUntil: () => until,
    succeeded() {
      failures = 0
      pauseMs = FIRST_PAUSE_MS
      until = 0
    },
    failed() {
      failures += 1
      if (failures < FAILURES_TO_OPEN) return
      until = clock.now() + pauseMs
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    },
  }
}
