import type { Column } from './column.ts'
import type { Changed } from './held.ts'

/** Slots by ascending key, ties by coinId in code units: a total order, whatever order the changes arrive in. */
export interface Order {
  /** The slots in order; only the first `size` of them count. */
  readonly slots: Uint32Array
  readonly size: number
  /** Moves the changed slots, new ones included, to where their keys now belong: O(n + k log n) for k changes. */
  update(changed: Changed): void
}

/** `keys` must not hold NaN; a key of Infinity comes last. */
export function createOrder(ids: readonly string[], keys: Column<Float64Array>): Order {
  let slots = new Uint32Array(0)
  let size = 0
  return {
    get slots() {
      return slots
    },
    get size() {
      return size
    },
    update(changed) {
      const compare = byKey(keys.values, ids)
      const moved = [...changed.slots].sort(compare)
      const kept = dropFlagged(slots, size, changed.flags)
      size = kept + moved.length
      if (size > slots.length) slots = copyOf(slots, Math.max(size, slots.length * 2))
      mergeInto(slots, kept, moved, compare)
    },
  }
}

type Compare = (a: number, b: number) => number

const byKey =
  (keys: Float64Array, ids: readonly string[]): Compare =>
  (a, b) => {
    const [keyA, keyB] = [keys[a] as number, keys[b] as number]
    if (keyA !== keyB) return keyA < keyB ? -1 : 1
    return a === b ? 0 : (ids[a] as string) < (ids[b] as string) ? -1 : 1
  }

function copyOf(slots: Uint32Array, length: number) {
  const copy = new Uint32Array(length)
  copy.set(slots)
  return copy
}

/** Closes the gaps that the flagged slots leave; returns how many stay. */
function dropFlagged(slots: Uint32Array, size: number, flags: Uint8Array): number {
  let kept = 0
  for (let i = 0; i < size; i++) {
    const slot = slots[i] as number
    if (flags[slot] !== 1) slots[kept++] = slot
  }
  return kept
}

/** Merges `moved` into the first `kept` slots, from the back, so that each stretch between two of them is shifted once. */
function mergeInto(slots: Uint32Array, kept: number, moved: readonly number[], compare: Compare): void {
  let end = kept
  for (let left = moved.length; left > 0; left--) {
    const slot = moved[left - 1] as number
    const at = positionOf(slot, slots, end, compare)
    slots.copyWithin(at + left, at, end)
    slots[at + left - 1] = slot
    end = at
  }
}

/** How many of the first `end` slots come before `slot`. */
function positionOf(slot: number, slots: Uint32Array, end: number, compare: Compare): number {
  let [low, high] = [0, end]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(slots[middle] as number, slot) < 0) low = middle + 1
    else high = middle
  }
  return low
}
