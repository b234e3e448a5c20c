import type { BarRow } from './live-bars.ts'

/** Bars that wait to be written, by slot. */
export interface Waiting {
  slots(): Iterable<number>
  /** Those of a slot, by number. */
  of(slot: number): Map<number, BarRow>
  /** Adds to those of a slot; of two with one number the later one stays, of all of them the newest `kept`. */
  add(slot: number, rows: Iterable<BarRow>): void
  remove(slot: number): void
}

/** They may be many: a sweep brings a week of hours of every coin. As objects these would take a gigabyte. */
export function createWaiting(kept: number): Waiting {
  const packed = new Map<number, Float32Array>()
  const of = (slot: number) => rowsOf(packed.get(slot) ?? NONE)
  return {
    slots: () => packed.keys(),
    of,
    add(slot, rows) {
      const all = of(slot)
      for (const row of rows) all.set(row.unit, row)
      for (const unit of [...all.keys()].sort((a, b) => a - b).slice(0, -kept)) all.delete(unit)
      if (all.size > 0) packed.set(slot, packedOf(all))
    },
    remove: (slot) => void packed.delete(slot),
  }
}

const NONE = new Float32Array(0)

const FIELDS = 7

// A number since the epoch is whole in 32 bits until the year 2129.
function packedOf(rows: Map<number, BarRow>): Float32Array {
  const values = new Float32Array(rows.size * FIELDS)
  let at = 0
  for (const { unit, open, high, low, close, volumeUsd, filled } of rows.values()) {
    values.set([unit, open, high, low, close, volumeUsd, filled ? 1 : 0], at)
    at += FIELDS
  }
  return values
}

function rowsOf(values: Float32Array): Map<number, BarRow> {
  const rows = new Map<number, BarRow>()
  for (let at = 0; at < values.length; at += FIELDS) {
    const [unit = 0, open = 0, high = 0, low = 0, close = 0, volumeUsd = 0, filled] = values.subarray(at, at + FIELDS)
    rows.set(unit, { unit, open, high, low, close, volumeUsd, filled: filled === 1 })
  }
  return rows
}
