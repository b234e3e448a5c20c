import { instantOf } from '@crypto-signals/clock'
import type { Origin } from '@crypto-signals/contracts'

/** Something that was said: by whom, and when it was so. */
export interface Said {
  /** A source's name, or `BARS`. */
  readonly source: string
  /** Milliseconds since the epoch. */
  readonly observedAtMs: number
}

/** The `source` of what was worked out from our own bars. */
export const BARS = 'bars'

/** Whether `said` takes the place of `held`. Of two sources that speak of the same moment the first by name counts; one may correct itself. */
export const supersedes = (said: Said, held: Said | null): boolean =>
  held === null ||
  said.observedAtMs > held.observedAtMs ||
  (said.observedAtMs === held.observedAtMs && said.source <= held.source)

/** The one that speaks of the later moment. */
export const laterOf = <S extends Said>(a: S | null, b: S | null): S | null =>
  a === null || (b !== null && supersedes(b, a)) ? b : a

/** How a quote tells of it. */
export const originOf = (said: Said | null): Origin | null =>
  said === null ? null : { source: said.source, observedAt: instantOf(said.observedAtMs) }
