import { OneOf } from './scalars.ts'

/** How fresh an observation is, freshest first. */
export const FRESHNESS = ['live', 'recent', 'delayed', 'stale', 'dead'] as const

export const Freshness = OneOf(FRESHNESS, {
  description: 'By age: live up to 1 min, recent up to 15 min, delayed up to 8 h, stale up to 7 days, dead beyond',
})
export type Freshness = (typeof FRESHNESS)[number]

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The oldest that each but the last may be, in ms. */
export const FRESHNESS_LIMITS_MS = {
  live: MINUTE_MS,
  recent: 15 * MINUTE_MS,
  delayed: 8 * HOUR_MS,
  stale: 7 * 24 * HOUR_MS,
} as const

/** The class of an observation of this age. */
export function freshnessOf(ageMs: number): Freshness {
  if (ageMs <= FRESHNESS_LIMITS_MS.live) return 'live'
  if (ageMs <= FRESHNESS_LIMITS_MS.recent) return 'recent'
  if (ageMs <= FRESHNESS_LIMITS_MS.delayed) return 'delayed'
  return ageMs <= FRESHNESS_LIMITS_MS.stale ? 'stale' : 'dead'
}
