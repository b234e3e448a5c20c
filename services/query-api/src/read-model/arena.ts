/** Memory in pieces of whole units, cut from large blocks; a piece given back is handed out again to the next of its size. */
export interface Arena {
  /** A piece of `units` units, at most a block; its place is what the other calls know it by. */
  take(units: number): number
  giveBack(place: number, units: number): void
  /** The block a piece lies in, from `offsetOf` on. */
  blockOf(place: number): Buffer
  offsetOf(place: number): number
}

// Small enough to waste little at a row's end, large enough that there are few sizes to tell apart.
export const UNIT_BYTES = 64

export function createArena(): Arena {
  const blocks: Buffer[] = []
  const free = new Map<number, number[]>()
  let fresh = 0
  return {
    take(units) {
      const given = free.get(units)?.pop()
      if (given !== undefined) return given
      const left = BLOCK_UNITS - (fresh % BLOCK_UNITS)
      const place = units > left ? fresh + left : fresh
      fresh = place + units
      if (blocks.length * BLOCK_UNITS <= place) blocks.push(Buffer.allocUnsafeSlow(BLOCK_UNITS * UNIT_BYTES))
      return place
    },
    giveBack(place, units) {
      const places = free.get(units)
      if (places === undefined) free.set(units, [place])
      else places.push(place)
    },
    blockOf: (place) => blocks[Math.floor(place / BLOCK_UNITS)] as Buffer,
    offsetOf: (place) => (place % BLOCK_UNITS) * UNIT_BYTES,
  }
}

// A block is 4 MiB: larger than anything that comes and goes, so that the allocator keeps it apart from that.
const BLOCK_UNITS = 65_536
