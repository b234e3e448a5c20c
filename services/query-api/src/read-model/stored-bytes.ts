import { createArena, UNIT_BYTES } from './arena.ts'
import { createColumn } from './column.ts'

/** The JSON of an object for each row, side by side in an arena: tens of thousands of buffers would each cost an object and an allocation of their own. */
export interface StoredBytes {
  /** Replaces the row's; `ending` stands in the place of the closing brace. `value` must not be empty. */
  set(row: number, value: object, ending: Buffer): void
  /** 0 where none were set. */
  lengthOf(row: number): number
  /** Copies the row's into `out`; returns where they end. */
  copy(row: number, out: Buffer, at: number): number
  text(row: number): string
}

/** With `slackBytes` to spare a row can say the same in other words without moving: pieces given back serve only rows of their own size, so if all rows grew out of theirs at once the arena would double. */
export function createStoredBytes(slackBytes: number): StoredBytes {
  const arena = createArena()
  const [places, units, lengths] = [createColumn(Uint32Array), createColumn(Uint32Array), createColumn(Uint32Array)]

  const placeOf = (row: number) => places.values[row] as number
  const lengthOf = (row: number) => lengths.values[row] ?? 0
  const makeRoom = (row: number, length: number) => {
    const held = units.values[row] ?? 0
    if (length <= held * UNIT_BYTES) return
    if (held > 0) arena.giveBack(placeOf(row), held)
    units.set(row, Math.ceil((length + slackBytes) / UNIT_BYTES))
    places.set(row, arena.take(units.values[row] as number))
  }
  return {
    set(row, value, ending) {
      const json = JSON.stringify(value)
      const toBrace = Buffer.byteLength(json) - 1
      makeRoom(row, toBrace + ending.length)
      const [block, from] = [arena.blockOf(placeOf(row)), arena.offsetOf(placeOf(row))]
      block.write(json, from)
      ending.copy(block, from + toBrace)
      lengths.set(row, toBrace + ending.length)
    },
    lengthOf,
    copy(row, out, at) {
      const from = arena.offsetOf(placeOf(row))
      return at + arena.blockOf(placeOf(row)).copy(out, at, from, from + lengthOf(row))
    },
    text(row) {
      const from = arena.offsetOf(placeOf(row))
      return arena.blockOf(placeOf(row)).toString('utf8', from, from + lengthOf(row))
    },
  }
}
