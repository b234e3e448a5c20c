import type { Quote, Timeframe } from '@crypto-signals/contracts'
import { turnoverOf } from './components/volume.ts'
import { HORIZONS } from './horizons.ts'

export interface Parts {
  scores: readonly number[]
  weights: readonly number[]
}

/**
 * How far a score can be relied on, 0 to 1, the product of: coverage; agreement of the components, 0.4 + 0.6 · (1 − SD / 50); freshness
 * on receipt, 1 − age / length of the horizon, at least 0.25; liquidity, falling from 1 at $50,000 a day to 0.3; 0.6 when more than twice the market cap changed hands,
 * which is how wash trading looks; the trust in the horizon. It is no probability of being right.
 */
export function confidenceOf(quote: Quote, horizon: Timeframe, coverage: number, parts: Parts): number {
  const { lengthMs, trust } = HORIZONS[horizon]
  const agreement = 0.4 + 0.6 * (1 - deviationOf(parts) / 50)
  return coverage * agreement * freshnessOf(quote, lengthMs) * liquidityOf(quote) * washFactorOf(quote) * trust
}

/** The weighted standard deviation, at most 50 for scores of 0 to 100. */
function deviationOf({ scores, weights }: Parts): number {
  let [mean, square] = [0, 0]
  for (const [i, score] of scores.entries()) mean += score * (weights[i] as number)
  for (const [i, score] of scores.entries()) square += (score - mean) ** 2 * (weights[i] as number)
  return Math.min(50, Math.sqrt(square))
}

function freshnessOf({ observedAt, receivedAt }: Quote, lengthMs: number): number {
  const ageMs = Math.max(0, Date.parse(receivedAt) - Date.parse(observedAt))
  const freshness = 1 - ageMs / lengthMs
  // An instant can fit its pattern and still be no date: its age is NaN, and counts as old.
  return Number.isNaN(freshness) ? LEAST_FRESHNESS : Math.max(freshness, LEAST_FRESHNESS)
}

function liquidityOf({ volumeUsd24h }: Quote): number {
  if (volumeUsd24h === null) return UNKNOWN_LIQUIDITY
  if (volumeUsd24h >= LIQUID_USD_24H) return 1
  return Math.max(LEAST_LIQUIDITY, 1 + LOSS_PER_TENTH * Math.log10(volumeUsd24h / LIQUID_USD_24H))
}

const washFactorOf = (quote: Quote) => ((turnoverOf(quote) ?? 0) > WASH_TURNOVER ? WASH_FACTOR : 1)

const LEAST_FRESHNESS = 0.25
const LIQUID_USD_24H = 50_000
const LEAST_LIQUIDITY = 0.3
const UNKNOWN_LIQUIDITY = 0.5
/** What a tenth of the volume costs. */
const LOSS_PER_TENTH = 0.35
const WASH_TURNOVER = 2
const WASH_FACTOR = 0.6
