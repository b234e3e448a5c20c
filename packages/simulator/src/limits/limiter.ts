import type { LimitWindow, Plan } from './plan.ts'

/** Counts what is asked of one source, as that source would. */
export interface Limiter {
  /** Takes a request in, or tells which limit it breaks and when to come again. What is refused counts for nothing but a violation. */
  admit(now: number, weight: number, credits: number): Refused | null
  usage(): LimitUsage
}

interface Refused {
  limit: string
  retryAfterMs: number
}

export interface LimitUsage {
  requests: number
  /** Credits of the month of the last request. */
  monthCredits: number
  /** Of any month. */
  peakMonthCredits: number
  /** Most requests in any 60 s. */
  peakPerMinute: number
  /** By limit. */
  violations: Record<string, number>
}

/** A limiter of one plan. Times may only go on. */
export const createLimiter = ({ windows, perMonth }: Plan): Limiter => {
  const slides = windows.map((window) => ({ window, slide: slidingSum(window.ms) }))
  const minute = slidingSum(60_000)
  const month = monthOf(perMonth)
  const usage = { requests: 0, peakPerMinute: 0 }
  const violations: Record<string, number> = {}

  const refuse = (refused: Refused): Refused => {
    violations[refused.limit] = (violations[refused.limit] ?? 0) + 1
    return refused
  }

  return {
    admit(now, weight, credits) {
      for (const { window, slide } of slides) {
        const waitMs = slide.waitFor(now, weight, window.weight)
        if (waitMs > 0) return refuse({ limit: nameOf(window), retryAfterMs: waitMs })
      }
      if (!month.take(now, credits)) return refuse({ limit: `${perMonth} a month`, retryAfterMs: month.leftMs(now) })
      for (const { slide } of slides) slide.add(now, weight)
      minute.add(now, 1)
      usage.requests++
      usage.peakPerMinute = Math.max(usage.peakPerMinute, minute.sum(now))
      return null
    },
    usage: () => ({ ...usage, ...month.usage(), violations }),
  }
}

const nameOf = ({ ms, weight }: LimitWindow) => `${weight} in ${ms / 1_000} s`

/** The sum of what came in the last `ms`. */
const slidingSum = (ms: number) => {
  let entries: { at: number; weight: number }[] = []
  let first = 0
  let total = 0
  const drop = (now: number) => {
    for (; first < entries.length && (entries[first] as { at: number }).at <= now - ms; first++)
      total -= (entries[first] as { weight: number }).weight
    if (first > 1_000 && first * 2 > entries.length) {
      entries = entries.slice(first)
      first = 0
    }
  }
  return {
    sum: (now: number) => {
      drop(now)
      return total
    },
    add: (now: number, weight: number) => {
      drop(now)
      entries.push({ at: now, weight })
      total += weight
    },
    /** How long until `weight` more would fit below `limit`. */
    waitFor: (now: number, weight: number, limit: number): number => {
      drop(now)
      let freed = total + weight - limit
      for (let at = first; freed > 0; at++) {
        const entry = entries[at]
        if (entry === undefined) return ms
        freed -= entry.weight
        if (freed <= 0) return entry.at + ms - now
      }
      return 0
    },
  }
}

const monthOf = (limit: number | null) => {
  let current = ''
  let credits = 0
  let peak = 0
  return {
    take(now: number, more: number): boolean {
      const month = new Date(now).toISOString().slice(0, 7)
      if (month !== current) credits = 0
      current = month
      if (limit !== null && credits + more > limit) return false
      credits += more
      peak = Math.max(peak, credits)
      return true
    },
    leftMs(now: number): number {
      const at = new Date(now)
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1) - now
    },
    usage: () => ({ monthCredits: credits, peakMonthCredits: peak }),
  }
}
