import { createColumn } from './column.ts'
import { createStateHash } from './state-hash.ts'

/** Which observation each slot holds, and which slots took a new one since the orders were last brought up to date. */
export interface Held {
  /** How many slots hold an observation. */
  readonly size: number
  /** Of all that is held: the same wherever the same is held, however it came to be. */
  readonly hash: number
  /** When the newest of what is held was received, ms since the epoch; 0 if nothing is. */
  newestReceiptMs(): number
  /** When what each slot holds was observed, ms since the epoch. */
  observedAtMs: () => Float64Array
  has(slot: number): boolean
  /** Takes the observation if it is newer by (observedAt, receivedAt) than the one held; a late or a repeated one changes nothing. */
  accept(slot: number, observedAtMs: number, receivedAtMs: number): boolean
  /** Hands the changed slots to `use`, then counts them as unchanged. False if there are none. */
  settle(use: (changed: Changed) => void): boolean
}

export interface Changed {
  readonly slots: readonly number[]
  /** 1 at each changed slot. */
  readonly flags: Uint8Array
}

/** `kind` tells apart, in the hash, what is held of the same coin at the same moments; `ids` names the slots. */
export function createHeld(kind: string, ids: readonly string[]): Held {
  const [isHeld, flags] = [createColumn(Uint8Array), createColumn(Uint8Array)]
  const [observed, received] = [createColumn(Float64Array), createColumn(Float64Array)]
  const state = createStateHash()
  let size = 0
  let slots: number[] = []
  const isNewer = (slot: number, observedAtMs: number, receivedAtMs: number) => {
    const before = observed.values[slot] ?? 0
    return observedAtMs > before || (observedAtMs === before && receivedAtMs > (received.values[slot] ?? 0))
  }
  const has = (slot: number) => isHeld.values[slot] === 1
  return {
    get size() {
      return size
    },
    get hash() {
      return state.value
    },
    observedAtMs: () => observed.values,
    newestReceiptMs: () => received.values.reduce((newest, one) => Math.max(newest, one), 0),
    has,
    accept(slot, observedAtMs, receivedAtMs) {
      if (!has(slot)) size++
      else if (!isNewer(slot, observedAtMs, receivedAtMs)) return false
      isHeld.set(slot, 1)
      observed.set(slot, observedAtMs)
      received.set(slot, receivedAtMs)
      state.set(slot, `${kind} ${ids[slot]} ${observedAtMs} ${receivedAtMs}`)
      if (flags.values[slot] !== 1) slots.push(slot)
      flags.set(slot, 1)
      return true
    },
    settle(use) {
      if (slots.length === 0) return false
      use({ slots, flags: flags.values })
      for (const slot of slots) flags.set(slot, 0)
      slots = []
      return true
    },
  }
}
