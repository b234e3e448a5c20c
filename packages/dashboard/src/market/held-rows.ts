import { nameOrder, searchTextOf } from './order.ts'
import type { MarketRow } from './protocol.ts'

/** The rows of the market. Each has a slot, which it keeps until a coin leaves. */
export interface HeldRows {
  readonly rows: readonly MarketRow[]
  /** What a search looks in, by slot. */
  readonly texts: readonly string[]
  slotOf(coinId: string): number | undefined
  put(row: MarketRow): void
  /** Closes the gaps: what is left has other slots then. */
  drop(gone: ReadonlySet<string>): void
  clear(): void
  /** The place of each slot by the coin's name. */
  names: () => Float64Array
}

export function createHeldRows(): HeldRows {
  let rows: MarketRow[] = []
  let texts: string[] = []
  let slots = new Map<string, number>()
  let names: Float64Array | null = null

  function put(row: MarketRow): void {
    const slot = slots.get(row.coinId) ?? rows.length
    const last = rows[slot]
    slots.set(row.coinId, slot)
    rows[slot] = row
    if (last !== undefined && last.name === row.name && last.symbol === row.symbol) return
    texts[slot] = searchTextOf(row)
    names = null
  }

  function clear(): void {
    rows = []
    texts = []
    slots = new Map()
    names = null
  }

  return {
    get rows() {
      return rows
    },
    get texts() {
      return texts
    },
    slotOf: (coinId) => slots.get(coinId),
    put,
    drop(gone) {
      const held = rows.filter(({ coinId }) => !gone.has(coinId))
      clear()
      for (const row of held) put(row)
    },
    clear,
    names: () => (names ??= nameOrder(rows)),
  }
}
