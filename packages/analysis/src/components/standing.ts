import type { Quote } from '@crypto-signals/contracts'
import { usd } from '../words.ts'
import { type Component, clampScore } from './component.ts'

type Standing = Pick<Quote, 'marketCapRank' | 'marketCapUsd'>

/**
 * How well established a coin is: 80 at rank 1, 15 points less for each tenfold rank, 50 at rank 100. Without a rank the market cap stands
 * in, on a scale that meets the ranks of 2022 to 2026. It is kept flat: size alone predicts nothing among investable
 * coins, and must not make a buy of a coin that does not move.
 */
export function standingComponent({ marketCapRank, marketCapUsd }: Standing): Component {
  const cap = (marketCapUsd ?? 0) > 0 ? marketCapUsd : null
  if (marketCapRank !== null) {
    const score = clampScore(TOP_SCORE - POINTS_PER_TENFOLD_RANK * Math.log10(marketCapRank))
    return { score, why: `Rank ${marketCapRank} by market cap${cap === null ? '' : `, ${usd(cap)}`}` }
  }
  if (cap === null) return { score: null, why: 'No rank and no market cap known' }
  const score = 50 + POINTS_PER_TENFOLD_CAP * Math.log10(cap / NEUTRAL_CAP_USD)
  return { score: clampScore(Math.min(TOP_SCORE, score)), why: `Unranked, market cap ${usd(cap)}` }
}

const TOP_SCORE = 80
const POINTS_PER_TENFOLD_RANK = 15
const POINTS_PER_TENFOLD_CAP = 9

/** About the market cap at rank 100. */
const NEUTRAL_CAP_USD = 6e8
