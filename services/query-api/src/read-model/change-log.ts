import { createColumn } from './column.ts'

/** Which slots changed, in the order of their last change: a slot is in it once. Changes are numbered by marks, from 1 on. */
export interface ChangeLog {
  /** The mark of the newest change; 0 before the first. */
  readonly head: number
  /** The mark of a slot's last change; 0 if it never changed. */
  markOf(slot: number): number
  touch(slot: number): void
  /** Hands over the slots that changed after a mark, oldest change first, as long as `take` takes them; returns up to which mark that was. */
  walk(after: number, take: (slot: number) => boolean): number
}

export function createChangeLog(): ChangeLog {
  const last = createColumn(Float64Array)
  let [slots, marks, count, head] = [new Uint32Array(FIRST_LENGTH), new Float64Array(FIRST_LENGTH), 0, 0]
  const isLast = (i: number) => last.values[slots[i] as number] === marks[i]

  /** Drops the entries of slots that changed again since; grows where that does not free half of the room. */
  const makeRoom = () => {
    let kept = 0
    for (let i = 0; i < count; i++) {
      if (!isLast(i)) continue
      slots[kept] = slots[i] as number
      marks[kept++] = marks[i] as number
    }
    count = kept
    if (kept <= slots.length / 2) return
    const [longerSlots, longerMarks] = [new Uint32Array(slots.length * 2), new Float64Array(marks.length * 2)]
    longerSlots.set(slots)
    longerMarks.set(marks)
    ;[slots, marks] = [longerSlots, longerMarks]
  }
  return {
    get head() {
      return head
    },
    markOf: (slot) => last.values[slot] ?? 0,
    touch(slot) {
      if (count === slots.length) makeRoom()
      last.set(slot, ++head)
      slots[count] = slot
      marks[count++] = head
    },
    walk(after, take) {
      let reached = after
      for (let i = firstAfter(marks, count, after); i < count; i++) {
        if (isLast(i) && !take(slots[i] as number)) return reached
        reached = marks[i] as number
      }
      return head
    },
  }
}

const FIRST_LENGTH = 1024

/** The first of `count` ascending marks that is greater than `after`. */
function firstAfter(marks: Float64Array, count: number, after: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((marks[middle] as number) > after) high = middle
    else low = middle + 1
  }
  return low
}
