import { FRESHNESS, type Freshness, freshnessOf } from '@crypto-signals/contracts'
import { createColumn } from './column.ts'
import { createStoredBytes } from './stored-bytes.ts'

/** Rows as the JSON they are served as, up to the value of `ageMs`; that and `freshness`, their last properties, are written when the row is. */
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
  const [stored, observed] = [createStoredBytes(SLACK_BYTES), createColumn(Float64Array)]
  const ageOf = (row: number, nowMs: number) => Math.max(0, nowMs - (observed.values[row] as number))
  return {
    set(row, value, observedAtMs) {
      stored.set(row, value, LAST_KEY)
      observed.set(row, observedAtMs)
    },
    roomFor: (row) => stored.lengthOf(row) + MAX_AGE_BYTES,
    write: (row, out, at, nowMs) => writeAge(ageOf(row, nowMs), out, stored.copy(row, out, at)),
    text(row, nowMs) {
      const ageMs = ageOf(row, nowMs)
      return `${stored.text(row)}${ageMs}${tailOf(freshnessOf(ageMs))}`
    },
  }
}

const LAST_KEY = Buffer.from(',"ageMs":')

// Enough for a signal to gain a previous one.
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
