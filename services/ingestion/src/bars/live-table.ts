import type { LiveBar } from './live-bars.ts'

/** Of each slot its newest bars, of which each has its place by its number: a later one takes the place of an older one. */
export interface LiveTable {
  /** The bar in the place of this number, which may be another's; undefined if there is none. */
  get(slot: number, unit: number): LiveBar | undefined
  set(slot: number, bar: LiveBar): void
  /** The slots that have bars to be written. */
  changed(): Iterable<number>
  /** The bars of a slot that are to be written, which then count as written. */
  takeChanged(slot: number): LiveBar[]
}

/** `perSlot`: how many each slot has. As numbers in a row, since as objects they would take thrice the memory. */
export function createLiveTable(perSlot: number): LiveTable {
  const [slabs, changed] = [[] as Float64Array[], new Set<number>()]
  const placeOf = (slot: number, unit: number) => ((slot & SLAB_MASK) * perSlot + (unit % perSlot)) * FIELDS
  const get = (slot: number, unit: number) => {
    const slab = slabs[slot >> SLAB_BITS]
    const at = placeOf(slot, unit)
    return slab === undefined || slab[at] === 0 ? undefined : barAt(slab, at)
  }
  const set = (slot: number, bar: LiveBar) => {
    const index = slot >> SLAB_BITS
    for (let made = slabs.length; made <= index; made++) slabs.push(new Float64Array((perSlot * FIELDS) << SLAB_BITS))
    ;(slabs[index] as Float64Array).set(fieldsOf(bar), placeOf(slot, bar.unit))
    if (bar.changed) changed.add(slot)
  }
  return {
    get,
    set,
    changed: () => changed,
    takeChanged(slot) {
      const all = Array.from({ length: perSlot }, (_, place) => get(slot, place))
      const bars = all.filter((bar) => bar !== undefined).filter((bar) => bar.changed)
      for (const bar of bars) set(slot, { ...bar, changed: false })
      changed.delete(slot)
      return bars
    },
  }
}

// Slots come by and by: what is there need not be moved to make more.
const SLAB_BITS = 10
const SLAB_MASK = 2 ** SLAB_BITS - 1

const FIELDS = 10

const fieldsOf = (bar: LiveBar) => [
  bar.unit,
  bar.open,
  bar.high,
  bar.low,
  bar.close,
  bar.volumeUsd,
  bar.firstAtMs,
  bar.lastAtMs,
  bar.volumeAtMs,
  bar.changed ? 1 : 0,
]

function barAt(slab: Float64Array, at: number): LiveBar {
  const field = (index: number) => slab[at + index] as number
  return {
    unit: field(0),
    open: field(1),
    high: field(2),
    low: field(3),
    close: field(4),
    volumeUsd: field(5),
    firstAtMs: field(6),
    lastAtMs: field(7),
    volumeAtMs: field(8),
    changed: field(9) === 1,
    filled: false,
  }
}
