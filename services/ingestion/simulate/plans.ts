import { PLANS, type Plan } from '@crypto-signals/simulator'
import type { SourceLimits } from '../src/source.ts'

/** What a source bears: its free plan as the simulator knows it, or else what its definition says of itself. */
export const planOf = (name: string, limits: SourceLimits): Plan => knownPlan(name) ?? ownPlan(limits)

/** Whether the simulator knows its plan. */
export const hasPlan = (name: string): boolean => knownPlan(name) !== undefined

const knownPlan = (name: string): Plan | undefined =>
  Object.hasOwn(PLANS, name) ? PLANS[name as keyof typeof PLANS] : undefined

const ownPlan = ({ perMinute, perMonth }: SourceLimits): Plan => ({
  windows: [{ ms: 60_000, weight: perMinute }],
  perMonth,
  weights: {},
  rowsPerCredit: null,
  refusal: { status: 429, body: {} },
})
