/** What one component of a score says of a coin: 0 bearish, 50 no opinion, 100 bullish; null when it cannot be known. */
export interface Component {
  score: number | null
  /** The figures behind the score or, without one, what is missing. */
  why: string
}

export const clampScore = (score: number): number => Math.min(100, Math.max(0, score))
