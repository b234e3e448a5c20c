import type { ListedCoin } from '@crypto-signals/store'
import type { Observation } from '../observation.ts'
import type { Answer, ExchangePair, SourceFacts } from '../source.ts'
import type { Sighting } from './sighting.ts'

/** Knows which coin each source means. A wrong answer is worse than none. */
export interface Identity {
  /** Takes over what the store remembers. */
  recall(): Promise<void>
  /** The base source's list: the only source of coin ids. */
  learnCoins(coins: readonly ListedCoin[]): void
  /** What the base source says an exchange's pairs are of. */
  learnPairs(source: string, pairs: readonly ExchangePair[]): void
  /** What of an answer is of coins of ours; the rest is kept as evidence, or left out. At most one sighting a coin: of an exchange, that of its most liquid pair. */
  resolve(facts: SourceFacts, answer: Answer<Observation>): Sighting[]
  /** Coins that a source is known to price. */
  coinsOf(source: string): ReadonlySet<string>
  /** Of a coin, how the source names it; null where it is not known. */
  keyOf(source: string, coinId: string): string | null
  contractsOf(coinId: string): readonly { platform: string; address: string }[]
  /** How many mappings there are by source and method, and how many were dropped. */
  counts(): readonly MappingCount[]
  /** Writes what was learnt since; also called at the end. */
  flush(): Promise<void>
}

export interface MappingCount {
  source: string
  method: string
  active: number
  dropped: number
}
