import { monthOf } from './month.ts'

/** Foresees when a month's credits end. */
export interface Exhaustion {
  /** When they end at the rate of the last day or, if that is slower, of the month so far; null if not before the month does. */
  at: (now: number, monthUsed: number) => number | null
}

const DAY_MS = 86_400_000
const SAMPLE_EVERY_MS = 3_600_000

export function createExhaustion(perMonth: number | null): Exhaustion {
  /** What was used at some moments of the last day, oldest first. */
  let samples: { at: number; used: number }[] = []
  const recentRate = (now: number, used: number) => {
    const newest = samples.at(-1)
    // A month that begins anew begins with nothing used.
    if (newest !== undefined && used < newest.used) samples = []
    if (newest === undefined || now - newest.at >= SAMPLE_EVERY_MS) samples.push({ at: now, used })
    while (samples.length > 1 && now - (samples[1]?.at ?? now) >= DAY_MS) samples.shift()
    const oldest = samples[0]
    // The start of a process spends more than the hours after it.
    return oldest === undefined || now - oldest.at < DAY_MS ? 0 : (used - oldest.used) / (now - oldest.at)
  }
  return {
    at(now, used) {
      if (perMonth === null) return null
      const { startMs, endMs } = monthOf(now)
      const rate = Math.max(recentRate(now, used), used / Math.max(now - startMs, SAMPLE_EVERY_MS))
      const at = rate === 0 ? endMs : now + Math.max(0, perMonth - used) / rate
      return at < endMs ? Math.round(at) : null
    },
  }
}
