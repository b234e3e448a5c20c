import type { Observation } from '../observation.ts'
import type { Answer, SourceFacts } from '../source.ts'
import type { Sighting } from './sighting.ts'

/** How a source names a coin. */
export interface CoinKey {
  key: string
  /** Of how many coins its prices are: 1,000 of `1000PEPEUSDT`. */
  multiplier: number
}

/** What one source says, seen as of coins of ours. */
export interface SourceView {
  readonly facts: SourceFacts
  /** Coins that it priced of late. */
  readonly coins: ReadonlySet<string>
  resolve(answer: Answer<Observation>): Sighting[]
  keyOf(coinId: string): CoinKey | null
  /** Forgets what was not seen for long. */
  tidy(nowMs: number): void
}
