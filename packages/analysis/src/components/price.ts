import { CHANGE_SPANS, type ChangeSpan, type Changes, type Timeframe } from '@crypto-signals/contracts'
import { HORIZONS } from '../horizons.ts'
import { capitalised, percent } from '../words.ts'
import { type Component, clampScore } from './component.ts'

/**
 * Momentum, 0 to 100: 50 + 50 · Σ w·tanh(change / typical move) / Σ w over the spans that are present. Each change is measured
 * against what is a usual move for its span, and saturates: a coin up 5,000 % says no more than one up 500 %. Rises, or stays, with every
 * change. Without a horizon all spans weigh the same. Null when no span of the horizon is known.
 */
export function calculatePriceScore(changes: Partial<Changes>, horizon?: Timeframe): number | null {
  const spans = horizon === undefined ? ALL_SPANS : HORIZONS[horizon].spans
  let votes = 0
  let weights = 0
  for (const [span, weight] of spans) {
    const change = changes[span]
    if (!isKnown(change)) continue
    votes += weight * Math.tanh(change / TYPICAL_MOVE_PCT[span])
    weights += weight
  }
  return weights === 0 ? null : clampScore(50 + (50 * votes) / weights)
}

/** The momentum component of a horizon. */
export function priceComponent(changes: Changes, horizon: Timeframe): Component {
  const score = calculatePriceScore(changes, horizon)
  return { score, why: score === null ? missing(horizon) : told(changes, horizon) }
}

export const isKnown = (value: number | null | undefined): value is number => Number.isFinite(value)

// About the mean absolute move of a mid-sized coin; it grows a little slower than with the square root of time over
// months, since the longest moves are falls, and those end at -100 %.
const TYPICAL_MOVE_PCT: Readonly<Record<ChangeSpan, number>> = {
  '1h': 2,
  '24h': 6,
  '7d': 15,
  '14d': 22,
  '30d': 30,
  '200d': 80,
  '1y': 120,
}

const ALL_SPANS = CHANGE_SPANS.map((span) => [span, 1] as const)

/** A smaller change reads as 0.0 %. */
const FLAT_PCT = 0.05

function told(changes: Changes, horizon: Timeframe): string {
  let text = ''
  let direction = ''
  for (const [span] of HORIZONS[horizon].spans) {
    const change = changes[span]
    if (!isKnown(change)) continue
    const next = Math.abs(change) < FLAT_PCT ? 'flat' : change > 0 ? 'up' : 'down'
    const word = next === direction ? '' : `${next} `
    direction = next
    text += `${text && ', '}${word}${next === 'flat' ? '' : `${percent(change)} `}in ${span}`
  }
  return capitalised(text)
}

const missing = (horizon: Timeframe) =>
  `Change over ${HORIZONS[horizon].spans.map(([span]) => span).join(', ')} unknown`
