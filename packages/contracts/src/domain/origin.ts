import { type Static, Type } from '@sinclair/typebox'
import { Instant, Nullable, SourceName } from './scalars.ts'

/** The parts of a quote that may each come from another source; the price's source is the quote's own. */
export const FIELD_GROUPS = ['range', 'volume', 'supply', 'changes', 'sparkline'] as const
export type FieldGroup = (typeof FIELD_GROUPS)[number]

/** Who said something, and when it was so. `bars` is what we worked out from our own bars. */
export const Origin = Type.Object({ source: SourceName, observedAt: Instant }, { additionalProperties: false })
export type Origin = Static<typeof Origin>

/** Of each part of a quote where it came from; null where nothing of it is known. */
export const Origins = Type.Object(
  {
    range: Nullable(Origin),
    volume: Nullable(Origin),
    supply: Nullable(Origin),
    changes: Nullable(Origin),
    sparkline: Nullable(Origin),
  },
  { additionalProperties: false },
)
export type Origins = Static<typeof Origins>

/** Nothing is known but the price. */
export const NO_ORIGINS: Origins = { range: null, volume: null, supply: null, changes: null, sparkline: null }
