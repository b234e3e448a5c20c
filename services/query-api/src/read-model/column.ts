type Numbers = Uint8Array | Int32Array | Uint32Array | Float64Array

/** One number for each slot, 0 where none was set; grows with the slots. */
export interface Column<T extends Numbers> {
  /** At least as long as the highest slot that was set; replaced when it grows, so read it anew in each pass. */
  readonly values: T
  set(slot: number, value: number): void
}

export function createColumn<T extends Numbers>(Kind: new (length: number) => T): Column<T> {
  let values = new Kind(FIRST_LENGTH)
  return {
    get values() {
      return values
    },
    set(slot, value) {
      if (slot >= values.length) {
        const longer = new Kind(Math.max(slot + 1, values.length * 2))
        longer.set(values)
        values = longer
      }
      values[slot] = value
    },
  }
}

const FIRST_LENGTH = 1024
