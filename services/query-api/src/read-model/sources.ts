import type { Quote } from '@crypto-signals/contracts'
import { createColumn } from './column.ts'

/** Which sources each coin's observation is from. A set of sources is a bit for each, by its place in `names`. */
export interface Sources {
  readonly names: readonly string[]
  set(slot: number, quote: Pick<Quote, 'source' | 'origins'>): void
  /** Whose price it is, as a place in `names`. */
  readonly price: Uint8Array
  /** Who said any part of what is held. */
  readonly used: Uint32Array
  /** Who ever did, since the process started. */
  readonly seen: Uint32Array
}

export function createSources(): Sources {
  const names: string[] = []
  const [price, used, seen] = [createColumn(Uint8Array), createColumn(Uint32Array), createColumn(Uint32Array)]
  const placeOf = (name: string) => {
    const known = names.indexOf(name)
    if (known >= 0) return known
    return names.length < MAX_SOURCES ? names.push(name) - 1 : LAST
  }
  return {
    names,
    set(slot, { source, origins }) {
      price.set(slot, placeOf(source))
      let bits = 1 << placeOf(source)
      for (const origin of Object.values(origins)) if (origin !== null) bits |= 1 << placeOf(origin.source)
      used.set(slot, bits)
      seen.set(slot, bits | (seen.values[slot] ?? 0))
    },
    get price() {
      return price.values
    },
    get used() {
      return used.values
    },
    get seen() {
      return seen.values
    },
  }
}

// As many as bits; there are about twenty, and whatever comes beyond counts as the last.
export const MAX_SOURCES = 32
const LAST = MAX_SOURCES - 1
