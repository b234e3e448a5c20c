import {
  type Action,
  type AlertSettings,
  changeSpanOf,
  type Evidence,
  primaryOf,
  type ScoredCoin,
} from '@crypto-signals/contracts'

/** What one rule sees of one observation of its coin; null is what the observation does not know. */
export interface Observation {
  price: number | null
  /** Of the span the rule means, in percent. */
  changePct: number | null
  /** Of the horizon the rule means, 0 to 100. */
  score: number | null
  action: Action | null
  observedAt: string
  updatedAt: string
}

/** The view of a rule with these settings: without a timeframe it looks at the primary signal and at 24 hours. */
export function observationFor({ timeframe }: AlertSettings, { changePct, signals }: ScoredCoin): Observation {
  const primary = primaryOf(signals)
  const signal = signals.find((each) => each.timeframe === timeframe) ?? primary
  const known = !signal.insufficientData
  return {
    price: signal.price,
    changePct: changePct[changeSpanOf(timeframe)],
    score: known ? signal.finalScore : null,
    action: known ? signal.recommendation.action : null,
    observedAt: signal.observedAt,
    updatedAt: signal.updatedAt,
  }
}

/** Whether an observation comes after what a rule has seen, by (observedAt, updatedAt). */
export function isNewer(observation: Observation, seen: { observedAt: string; updatedAt: string } | null): boolean {
  if (seen === null || observation.observedAt > seen.observedAt) return true
  return observation.observedAt === seen.observedAt && observation.updatedAt > seen.updatedAt
}

export const seenOf = ({ observedAt, updatedAt }: Observation) => ({ observedAt, updatedAt })

export const evidenceOf = ({ price, score, observedAt }: Observation): Evidence => ({ price, score, observedAt })
