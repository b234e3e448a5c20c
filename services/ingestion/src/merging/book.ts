import type { Quote } from '@crypto-signals/contracts'
import type { Sighting } from '../identity/sighting.ts'
import type { SourceFacts } from '../source.ts'

/** What all sources said of every coin, merged: of each coin and part the freshest trustworthy value. */
export interface Book {
  /** Takes over the quotes that the store remembers. */
  recall(): Promise<void>
  /** Takes in what a source said; tells the coins whose quotes it changed. */
  take(facts: SourceFacts, sightings: readonly Sighting[], receivedAt: number): readonly string[]
  /** The merged quote; null if nothing is known. Changes, sparkline and market cap are worked out when it is asked for. */
  quoteOf(coinId: string, receivedAt: number): Quote | null
  /** The price in use. */
  priceOf(coinId: string): { priceUsd: number; observedAtMs: number; sources: number } | null
  /** How many coins have been priced. */
  readonly size: number
  /** Prices held back as outliers, by source, since the start. */
  heldBack(): ReadonlyMap<string, number>
}
