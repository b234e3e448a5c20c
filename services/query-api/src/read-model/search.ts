import type { SearchSort, Signal } from '@crypto-signals/contracts'
import { rowsWhere, type View } from './view.ts'

/** Finds coins by what they are called. */
export interface Search {
  set(slot: number, coin: Pick<Signal, 'coinId' | 'symbol' | 'name'>): void
  /** Rows of the view whose coinId, symbol or name contains `text` in any case: the highest score or the best match first. */
  rows(text: string, limit: number, sort: SearchSort): number[]
}

export function createSearch(view: View): Search {
  const haystacks: string[] = []
  return {
    set(slot, { coinId, symbol, name }) {
      haystacks[slot] = [coinId, symbol, name].join(SEPARATOR).toLowerCase()
    },
    rows(text, limit, sort) {
      const needle = text.toLowerCase()
      if (sort === 'match') return byFit(view, limit, (slot) => fitOf(haystacks[slot] ?? '', needle))
      return rowsWhere(view, view.ranking('score'), limit, (slot) => haystacks[slot]?.includes(needle) ?? false)
    },
  }
}

// A query holds no control character, so nothing matches across the end of a field.
const SEPARATOR = '\n'

/** How well a coin fits what is looked for: a field is that, begins with it, or contains it. */
const FITS = ['is', 'begins', 'contains'] as const
type Fit = (typeof FITS)[number]

function fitOf(haystack: string, needle: string): Fit | undefined {
  if (!haystack.includes(needle)) return undefined
  const fields = haystack.split(SEPARATOR)
  if (fields.includes(needle)) return 'is'
  return fields.some((field) => field.startsWith(needle)) ? 'begins' : 'contains'
}

/** The rows of the best fits; of equals those of the largest coins. */
function byFit(view: View, limit: number, fitAt: (slot: number) => Fit | undefined): number[] {
  const { slots, from, to } = view.ranking('rank')
  const found: Record<Fit, number[]> = { is: [], begins: [], contains: [] }
  for (let i = from; i < to && found.is.length < limit; i++) {
    const slot = slots[i] as number
    const fit = fitAt(slot)
    if (fit !== undefined && found[fit].length < limit) found[fit].push(view.rows[slot] as number)
  }
  return FITS.flatMap((fit) => found[fit]).slice(0, limit)
}
