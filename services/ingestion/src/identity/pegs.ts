import { agree } from '../agreement.ts'
import type { SourceFacts } from '../source.ts'
import type { Sighting } from './sighting.ts'

/** Whether stablecoins of the dollar cost what they are said to. */
export interface Pegs {
  /** Takes in what a source says of them: exchanges price them in dollars alone (see `mayPrice`). */
  hear(facts: SourceFacts, sightings: readonly Sighting[]): void
  /** Whether amounts may be converted at a price: it is about a dollar, or at least two independent sources say the same of late. */
  holds(coinId: string, priceUsd: number, nowMs: number): boolean
}

/** Of the stablecoins `coinIds`. */
export function createPegs(coinIds: ReadonlySet<string>): Pegs {
  const words = new Map<string, Map<string, Word>>()
  for (const coinId of coinIds) words.set(coinId, new Map())
  return {
    hear({ name, derivedFrom }, sightings) {
      for (const { coinId, priceUsd, observedAtMs } of sightings) {
        if (priceUsd !== null) words.get(coinId)?.set(name, { root: derivedFrom ?? name, priceUsd, observedAtMs })
      }
    },
    holds(coinId, priceUsd, nowMs) {
      if (Math.abs(priceUsd - 1) <= NEAR_A_DOLLAR) return true
      const roots = new Set<string>()
      for (const { root, priceUsd: said, observedAtMs } of words.get(coinId)?.values() ?? []) {
        if (nowMs - observedAtMs <= MAX_AGE_MS && agree(said, priceUsd, SAME)) roots.add(root)
      }
      return roots.size >= 2
    },
  }
}

interface Word {
  /** Where the price really comes from. */
  root: string
  priceUsd: number
  observedAtMs: number
}

const NEAR_A_DOLLAR = 0.03
const SAME = 0.01
/** As long as merging takes a price for one of now. */
const MAX_AGE_MS = 30 * 60_000
