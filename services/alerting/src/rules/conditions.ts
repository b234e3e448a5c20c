import type { AlertType } from '@crypto-signals/contracts'
import type { Observation } from './observation.ts'

/** The types that fire when a condition comes to hold; action_changed alone compares with what was before. */
export type ConditionType = Exclude<AlertType, 'action_changed'>

/** Whether the condition of a type holds; null when the observation cannot tell. A threshold itself counts as crossed. */
export const CONDITIONS: Record<ConditionType, (seen: Observation, threshold: number) => boolean | null> = {
  price_above: ({ price }, threshold) => atLeast(price, threshold),
  price_below: ({ price }, threshold) => atMost(price, threshold),
  change_above: ({ changePct }, threshold) => atLeast(changePct, threshold),
  change_below: ({ changePct }, threshold) => atMost(changePct, threshold),
  score_above: ({ score }, threshold) => atLeast(score, threshold),
  score_below: ({ score }, threshold) => atMost(score, threshold),
  strong_signal: ({ action }) => (action === null ? null : action === 'STRONG_BUY' || action === 'STRONG_SELL'),
}

const atLeast = (value: number | null, threshold: number) => (value === null ? null : value >= threshold)
const atMost = (value: number | null, threshold: number) => (value === null ? null : value <= threshold)
