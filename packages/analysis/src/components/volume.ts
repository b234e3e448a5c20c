import type { Quote } from '@crypto-signals/contracts'
import { percent, usd } from '../words.ts'
import type { Component } from './component.ts'

export type Turnover = Pick<Quote, 'marketCapUsd' | 'volumeUsd24h'>

/**
 * How briskly a coin trades for its size, 0 to 90: piecewise linear on the logarithm of 24 h volume / market cap, 50 at 3 % (the
 * middle of the top hundred). It ends at 90 from 50 % on: more turnover than that is as likely to be wash trading as interest. Null
 * when either figure is unknown or the market cap is 0.
 */
export function calculateVolumeScore(quote: Turnover): number | null {
  const turnover = turnoverOf(quote)
  if (turnover === null) return null
  if (turnover <= QUIET.turnover) return QUIET.score
  if (turnover >= BUSY.turnover) return BUSY.score
  return turnover < USUAL.turnover ? between(QUIET, USUAL, turnover) : between(USUAL, BUSY, turnover)
}

/** 24 h volume / market cap, null when unknown. */
export function turnoverOf({ marketCapUsd, volumeUsd24h }: Turnover): number | null {
  if (marketCapUsd === null || marketCapUsd <= 0 || volumeUsd24h === null) return null
  return Math.min(volumeUsd24h / marketCapUsd, MAX_TURNOVER)
}

/**
 * The volume component: volume has no direction of its own, it says how much weight a move carries. So it leans to the side of
 * the momentum, the further the brisker the trade; a busy fall is bearish. (That also keeps the score rising with every change.)
 */
export function volumeComponent(quote: Turnover, momentum: number | null): Component {
  const volumeScore = calculateVolumeScore(quote)
  if (volumeScore === null) return { score: null, why: missing(quote) }
  if (momentum === null) return { score: null, why: 'No price change known that volume could confirm' }
  return { score: 50 + (((momentum - 50) / 50) * volumeScore) / 2, why: told(quote, volumeScore, momentum) }
}

/** A market cap of next to nothing would make it infinite. */
const MAX_TURNOVER = 1e6

interface Knot {
  turnover: number
  score: number
}

const QUIET: Knot = { turnover: 0.0003, score: 0 }
const USUAL: Knot = { turnover: 0.03, score: 50 }
const BUSY: Knot = { turnover: 0.5, score: 90 }

const between = (low: Knot, high: Knot, turnover: number) =>
  low.score + ((high.score - low.score) * Math.log(turnover / low.turnover)) / Math.log(high.turnover / low.turnover)

function told(quote: Turnover, volumeScore: number, momentum: number): string {
  const traded = `Traded ${usd(quote.volumeUsd24h ?? 0)} in 24h, ${percent(100 * (turnoverOf(quote) ?? 0))} of market cap`
  if (momentum === 50) return `${traded}: no move to confirm`
  const support = volumeScore >= 65 ? 'strongly confirms' : volumeScore >= 35 ? 'confirms' : 'barely confirms'
  return `${traded}: ${support} the ${momentum > 50 ? 'rise' : 'fall'}`
}

const missing = (quote: Turnover) => (quote.volumeUsd24h === null ? '24h volume unknown' : 'Market cap unknown')
