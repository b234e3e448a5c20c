/** Of each slot the closes, and if wanted highs and lows, of its newest bars by their number since the epoch; older ones make room. */
export interface Rings {
  /** The close at a number: below zero of a filled bar, 0 if there is none. */
  close: (slot: number, unit: number) => number
  /** 0 if there is none, or they are not kept. */
  high: (slot: number, unit: number) => number
  low: (slot: number, unit: number) => number
  /** `close` is below zero of a filled bar. */
  set: (slot: number, unit: number, prices: { high: number; low: number; close: number }) => void
  /** How many bars there are. */
  known: (slot: number) => number
}

/** `length`: how many of the newest are kept. */
export function createRings(length: number, { withRange }: { withRange: boolean }): Rings {
  const columns = withRange ? 3 : 1
  const slabs: Slab[] = []
  const slabOf = (slot: number) => {
    const index = slot >> SLAB_BITS
    for (let made = slabs.length; made <= index; made++) slabs.push(newSlab(length * columns))
    return slabs[index] as Slab
  }
  const read = (slot: number, unit: number, column: number) => {
    const slab = slabs[slot >> SLAB_BITS]
    if (slab === undefined || column >= columns) return 0
    const place = slot & SLAB_MASK
    const newest = slab.newest[place] as number
    if (unit > newest || unit <= newest - length) return 0
    return slab.values[(place * length + (unit % length)) * columns + column] as number
  }

  /** Makes `unit` one of those kept: what was in the places of those that come in between is gone. */
  function advance({ newest, known, values }: Slab, place: number, unit: number): void {
    const from = Math.max(unit - length, newest[place] as number) + 1
    for (let next = from; next <= unit; next++) {
      const at = (place * length + (next % length)) * columns
      if (values[at] !== 0) known[place] = (known[place] as number) - 1
      values.fill(0, at, at + columns)
    }
    newest[place] = unit
  }

  return {
    close: (slot, unit) => read(slot, unit, 0),
    high: (slot, unit) => read(slot, unit, 1),
    low: (slot, unit) => read(slot, unit, 2),
    set(slot, unit, { high, low, close }) {
      const [slab, place] = [slabOf(slot), slot & SLAB_MASK]
      const newest = slab.newest[place] as number
      if (unit <= newest - length) return
      if (unit > newest) advance(slab, place, unit)
      const at = (place * length + (unit % length)) * columns
      if (slab.values[at] === 0) slab.known[place] = (slab.known[place] as number) + 1
      slab.values[at] = close
      if (!withRange) return
      slab.values[at + 1] = high
      slab.values[at + 2] = low
    },
    known: (slot) => slabs[slot >> SLAB_BITS]?.known[slot & SLAB_MASK] ?? 0,
  }
}

// Slots come by and by: what is there need not be moved to make more, and pages nobody wrote on take no memory.
const SLAB_BITS = 10
const SLAB_MASK = 2 ** SLAB_BITS - 1

interface Slab {
  /** The number of the newest bar; 0 if there is none. */
  newest: Int32Array
  known: Uint16Array
  values: Float32Array
}

const newSlab = (valuesPerSlot: number): Slab => ({
  newest: new Int32Array(2 ** SLAB_BITS),
  known: new Uint16Array(2 ** SLAB_BITS),
  values: new Float32Array(valuesPerSlot * 2 ** SLAB_BITS),
})
