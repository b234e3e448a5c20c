import { ACTIONS, type Action, type Signal, type SignalSort } from '@crypto-signals/contracts'
import { type Column, createColumn } from './column.ts'
import type { Changed } from './held.ts'
import { createOrder, type Order } from './order.ts'

/** One signal of each coin, of one horizon or the primary one: what is sorted and filtered by, and which row it is. */
export interface View {
  set(slot: number, signal: Signal, row: number): void
  /** Brings orders, lists and totals up to date with what was set. */
  refresh(changed: Changed): void
  /** All slots in the order of a sort, or those whose signal recommends `action`. */
  ranking(sort: SignalSort, action?: Action): Ranking
  /** The negated score of each slot: the key of the score order. */
  readonly scoreKeys: Float64Array
  /** The row of each slot. */
  readonly rows: Uint32Array
  readonly totals: Totals
}

/** The part of an array of slots from `from` to before `to`. */
export interface Ranking {
  readonly slots: Uint32Array
  readonly from: number
  readonly to: number
}

export interface Totals {
  count: number
  scoreSum: number
  /** How many recommend each action, in the order of ACTIONS. */
  actions: number[]
}

export function createView(ids: readonly string[]): View {
  const keys = {
    score: createColumn(Float64Array),
    rank: createColumn(Float64Array),
    updated: createColumn(Float64Array),
  }
  const [actions, rows] = [createColumn(Uint8Array), createColumn(Uint32Array)]
  const sorted = {
    score: createSorted(ids, keys.score),
    rank: createSorted(ids, keys.rank),
    updated: createSorted(ids, keys.updated),
  }
  let bounds: number[] = []
  let totals = totalsOf(sorted.score.order, keys.score.values, actions.values)
  return {
    set(slot, signal, row) {
      keys.score.set(slot, -signal.finalScore)
      keys.rank.set(slot, signal.rank ?? Number.POSITIVE_INFINITY)
      keys.updated.set(slot, -Date.parse(signal.updatedAt))
      actions.set(slot, ACTIONS.indexOf(signal.recommendation.action))
      rows.set(slot, row)
    },
    refresh(changed) {
      for (const { order } of Object.values(sorted)) order.update(changed)
      totals = totalsOf(sorted.score.order, keys.score.values, actions.values)
      bounds = boundsOf(totals.actions)
      for (const one of Object.values(sorted)) one.split(actions.values, bounds)
    },
    ranking(sort, action) {
      const { order, byAction } = sorted[sort]
      if (action === undefined) return { slots: order.slots, from: 0, to: order.size }
      const code = ACTIONS.indexOf(action)
      return { slots: byAction, from: bounds[code] ?? 0, to: bounds[code + 1] ?? 0 }
    },
    get scoreKeys() {
      return keys.score.values
    },
    get rows() {
      return rows.values
    },
    get totals() {
      return totals
    },
  }
}

function createSorted(ids: readonly string[], keys: Column<Float64Array>) {
  const order = createOrder(ids, keys)
  let byAction = new Uint32Array(0)
  return {
    order,
    get byAction() {
      return byAction
    },
    /** Deals the slots out by action, each action's in the order they have here. */
    split(actions: Uint8Array, bounds: readonly number[]) {
      if (byAction.length < order.size) byAction = new Uint32Array(order.slots.length)
      deal(order, actions, Uint32Array.from(bounds), byAction)
    },
  }
}

/** Puts each slot at its action's `next` place. */
function deal({ slots, size }: Order, actions: Uint8Array, next: Uint32Array, out: Uint32Array): void {
  for (let i = 0; i < size; i++) {
    const slot = slots[i] as number
    const code = actions[slot] as number
    const place = next[code] as number
    out[place] = slot
    next[code] = place + 1
  }
}

// Summed anew each time and in the order of scores: sums kept up by differences would depend on the order of arrival.
function totalsOf({ slots, size }: Order, scoreKeys: Float64Array, actions: Uint8Array): Totals {
  const totals = { count: size, scoreSum: 0, actions: ACTIONS.map(() => 0) }
  for (let i = 0; i < size; i++) {
    const slot = slots[i] as number
    const code = actions[slot] as number
    totals.scoreSum -= scoreKeys[slot] as number
    totals.actions[code] = (totals.actions[code] as number) + 1
  }
  return totals
}

/** Where each action's slots begin in a list dealt out by action, and where the last one's end. */
function boundsOf(counts: readonly number[]): number[] {
  const bounds = [0]
  for (const count of counts) bounds.push((bounds.at(-1) as number) + count)
  return bounds
}

/** The rows of the first `limit` slots of a ranking that `fits` holds for. */
export function rowsWhere(
  view: View,
  { slots, from, to }: Ranking,
  limit: number,
  fits: (slot: number) => boolean,
): number[] {
  const [rows, found] = [view.rows, [] as number[]]
  for (let i = from; i < to && found.length < limit; i++) {
    const slot = slots[i] as number
    if (fits(slot)) found.push(rows[slot] as number)
  }
  return found
}
