import { createHeldRows, type HeldRows } from './held-rows.ts'
import { figureOf, fitOf, isWanted } from './order.ts'
import type { MarketRow, Range, View } from './protocol.ts'

/** The market as a table that can be shown in any order, a part at a time. */
export interface Table {
  /** Rows replace those held; coins that left are dropped; after a reset only `rows` are held. */
  take(change: { rows: readonly MarketRow[]; left: readonly string[]; reset: boolean }): void
  /** Puts the rows in the order of the view. Until the next call what changes keeps its place. */
  arrange(view: View): void
  /** How many rows the view shows. */
  readonly total: number
  slice(range: Range): MarketRow[]
  get(coinId: string): MarketRow | undefined
  /** The coins that fit a text best, the best first. The order of the view stays as it is. */
  find(search: string, count: number): MarketRow[]
  all(): readonly MarketRow[]
  /** By market cap, largest first. */
  largest(count: number): MarketRow[]
}

export function createTable(): Table {
  const held = createHeldRows()
  let order: number[] = []

  function drop(left: readonly string[]): void {
    const gone = new Set(left.filter((coinId) => held.slotOf(coinId) !== undefined))
    if (gone.size === 0) return
    const shown = order.map((slot) => held.rows[slot]?.coinId ?? '')
    held.drop(gone)
    order = shown.flatMap((coinId) => held.slotOf(coinId) ?? [])
  }

  return {
    take({ rows, left, reset }) {
      if (reset) {
        held.clear()
        order = []
      }
      drop(left)
      for (const row of rows) held.put(row)
    },
    arrange(view) {
      order = arranged(held, view)
    },
    get total() {
      return order.length
    },
    slice: ({ from, to }) => order.slice(from, to).map((slot) => held.rows[slot] as MarketRow),
    get: (coinId) => held.rows[held.slotOf(coinId) ?? -1],
    find: (search, count) =>
      arranged(held, { ...EVERYTHING, search })
        .slice(0, count)
        .map((slot) => held.rows[slot] as MarketRow),
    all: () => held.rows,
    largest: (count) =>
      held.rows
        .filter(({ marketCapUsd }) => marketCapUsd !== null)
        .sort((a, b) => (b.marketCapUsd ?? 0) - (a.marketCapUsd ?? 0))
        .slice(0, count),
  }
}

/** By rank: what fits a search best comes first. */
const EVERYTHING: View = {
  sort: 'rank',
  descending: false,
  horizon: 'SWING_TRADING',
  actions: [],
  search: '',
  only: null,
  sure: false,
  maxRank: null,
  minVolumeUsd: null,
}

/** The slots that the view shows, in its order; what has no figure comes last either way, and what is equal lies by rank, then by id. */
function arranged(held: HeldRows, view: View): number[] {
  const { rows, texts } = held
  const search = view.search.trim().toLowerCase()
  const only = view.only === null ? null : new Set(view.only)
  const found: number[] = []
  for (const [slot, row] of rows.entries())
    if (isWanted(row, view, only) && (search === '' || texts[slot]?.includes(search))) found.push(slot)

  const ranks = Float64Array.from(rows, ({ rank }) => rank ?? NO_RANK)
  const keys = keysOf(held, view, search)
  return found.sort((a, b) => {
    const [one, other] = [keys[a] as number, keys[b] as number]
    if (one !== other) return one < other ? -1 : 1
    const byRank = (ranks[a] as number) - (ranks[b] as number)
    return byRank !== 0 ? byRank : (rows[a]?.coinId ?? '') < (rows[b]?.coinId ?? '') ? -1 : 1
  })
}

/** What each slot is sorted by, the least first. */
function keysOf({ rows, texts, names }: HeldRows, { sort, descending, horizon }: View, search: string): Float64Array {
  const sign = descending ? -1 : 1
  if (sort === 'name') return names().map((place) => place * sign)
  if (search !== '' && sort === 'rank' && !descending)
    return Float64Array.from(rows, ({ rank }, slot) => fitOf(texts[slot] ?? '', search) * NO_RANK + (rank ?? NO_RANK))
  return Float64Array.from(rows, (row) => {
    const figure = figureOf(row, sort, horizon)
    return figure === null ? Number.POSITIVE_INFINITY : figure * sign
  })
}

const NO_RANK = 1e9
