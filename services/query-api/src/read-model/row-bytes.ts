import { FRESHNESS, type Freshness, freshnessOf } from '@crypto-signals/contracts'
import { createArena, UNIT_BYTES } from './arena.ts'
import { createColumn } from './column.ts'

/**
 * Rows as the JSON they are served as, up to the value of `ageMs`; that and `freshness`, their last properties, are written when the row is.
 * They lie side by side in an arena: tens of thousands of buffers would each cost an object and an allocation of their own.
 */
export interface RowBytes {
  /** Replaces the row; `value` must not be empty. */
  set(row: number, value: object, observedAtMs: number): void
  /** The most bytes `write` writes for the row. */
  roomFor(row: number): number
  /** Writes the row with its age at `nowMs`, all but the closing brace; returns where it ended. */
  write(row: number, out: Buffer, at: number, nowMs: number): number
  /** The same as text. */
  text(row: number, nowMs: number): string
}

export function createRowBytes(): RowBytes {
  const arena = createArena()
  const [places, units, lengths] = [createColumn(Uint32Array), createColumn(Uint32Array), createColumn(Uint32Array)]
  const observed = createColumn(Float64Array)

  const placeOf = (row: number) => places.values[row] as number
  const lengthOf = (row: number) => lengths.values[row] as number
  const ageOf = (row: number, nowMs: number) => Math.max(0, nowMs - (observed.values[row] as number))
  const makeRoom = (row: number, length: number) => {
    const held = units.values[row] ?? 0
    if (length <= held * UNIT_BYTES) return
    if (held > 0) arena.giveBack(placeOf(row), held)
    units.set(row, Math.ceil((length + SLACK_BYTES) / UNIT_BYTES))
    places.set(row, arena.take(units.values[row] as number))
  }
  return {
    set(row, value, observedAtMs) {
      const json = JSON.stringify(value)
      const toBrace = Buffer.byteLength(json) - 1
      makeRoom(row, toBrace + LAST_KEY.length)
      const [block, from] = [arena.blockOf(placeOf(row)), arena.offsetOf(placeOf(row))]
      block.write(json, from)
      LAST_KEY.copy(block, from + toBrace)
      lengths.set(row, toBrace + LAST_KEY.length)
      observed.set(row, observedAtMs)
    },
    roomFor: (row) => lengthOf(row) + MAX_AGE_BYTES,
    write(row, out, at, nowMs) {
      const from = arena.offsetOf(placeOf(row))
      const copied = arena.blockOf(placeOf(row)).copy(out, at, from, from + lengthOf(row))
      return writeAge(ageOf(row, nowMs), out, at + copied)
    },
    text(row, nowMs) {
      const from = arena.offsetOf(placeOf(row))
      const [start, ageMs] = [
        arena.blockOf(placeOf(row)).toString('utf8', from, from + lengthOf(row)),
        ageOf(row, nowMs),
      ]
      return `${start}${ageMs}${tailOf(freshnessOf(ageMs))}`
    },
  }
}

const LAST_KEY = Buffer.from(',"ageMs":')

// With this much to spare a row can say the same in other words, and gain a previous signal, without moving: pieces given
// back serve only rows of their own size, so if all rows grew out of theirs at once the arena would double.
const SLACK_BYTES = 128

const tailOf = (freshness: Freshness) => `,"freshness":"${freshness}"`

const TAILS = Object.fromEntries(FRESHNESS.map((name) => [name, Buffer.from(tailOf(name))])) as Record<
  Freshness,
  Buffer
>

const MAX_AGE_BYTES = 16 + Math.max(...Object.values(TAILS).map(({ length }) => length))

/** Writes the age and what follows it; returns where it ended. */
function writeAge(ageMs: number, out: Buffer, at: number): number {
  let end = writeDigits(ageMs, out, at)
  const tail = TAILS[freshnessOf(ageMs)]
  // A call of copy() takes longer than so few bytes.
  for (let i = 0; i < tail.length; i++) out[end++] = tail[i] as number
  return end
}

/** Writes a whole number >= 0 in decimal; returns where it ended. */
function writeDigits(value: number, out: Buffer, at: number): number {
  let end = at + 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++
  let rest = value
  for (let i = end - 1; i >= at; i--) {
    const shorter = Math.floor(rest / 10)
    out[i] = ZERO + rest - shorter * 10
    rest = shorter
  }
  return end
}

const ZERO = 48
