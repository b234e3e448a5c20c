import { agree } from '../agreement.ts'
import type { SourceFacts } from '../source.ts'

/** What a source last said a coin costs. */
export interface SaidPrice {
  readonly source: Pick<SourceFacts, 'name' | 'kind' | 'derivedFrom'>
  readonly priceUsd: number
  /** Of an exchange, what was traded there alone; NaN where it was not said. */
  readonly volumeUsd24h: number
  /** The currency that it was said in; null if in dollars. */
  readonly convertedFrom: string | null
  readonly observedAtMs: number
}

export const isAggregated = ({ source }: SaidPrice): boolean => source.kind === 'aggregator'

/** Where a price really comes from: prices of one root are one voice. */
export const rootOf = ({ source }: SaidPrice): string => source.derivedFrom ?? source.name

/** How far two prices lie apart, as a share of the lower. */
export const apartBy = (a: number, b: number): number => (a === b ? 0 : Math.abs(a - b) / Math.min(a, b))

/** As far as two independent sources that mean the same coin at the same moment may lie apart. */
export const LEAST_TOLERANCE = 0.03

/** Whether an independent source says about the same. */
export const isShared = (price: SaidPrice, other: SaidPrice): boolean =>
  agree(price.priceUsd, other.priceUsd, LEAST_TOLERANCE) && rootOf(price) !== rootOf(other)

/** How far a price may have moved, as a share of it, between two moments that lie so far apart. */
export const driftIn = (gapMs: number): number => DRIFT_PER_MS * Math.max(0, gapMs - NO_DRIFT_MS)

// Small coins do move 10 % in ten minutes; a wrong mapping is wrong by far more.
const DRIFT_PER_MS = 0.01 / 60_000
const NO_DRIFT_MS = 60_000
