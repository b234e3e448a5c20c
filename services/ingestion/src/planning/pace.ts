import type { Clock } from '@crypto-signals/clock'

/** How many times slower than its limits a source is asked, as it throttled us of late: 1 if it did not. */
export interface Pace {
  slowdown: () => number
  throttled: () => void
}

const HOUR_MS = 3_600_000
const SLOWEST = 8

/** Halves the pace with each throttle, and doubles it again for each hour without one. */
export function createPace(clock: Clock): Pace {
  let factor = 1
  let easesAt = 0
  const slowdown = () => {
    for (; factor > 1 && clock.now() >= easesAt; easesAt += HOUR_MS) factor /= 2
    return factor
  }
  return {
    slowdown,
    throttled() {
      factor = Math.min(slowdown() * 2, SLOWEST)
      easesAt = clock.now() + HOUR_MS
    },
  }
}
