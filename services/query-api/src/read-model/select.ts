import type { Action, SignalSort } from '@crypto-signals/contracts'
import { pageWhere, type Window } from './page-where.ts'
import type { Ranking, View } from './view.ts'

export interface Selection extends Window {
  sort: SignalSort
  action?: Action | undefined
  minScore?: number | undefined
  maxScore?: number | undefined
  /** Nothing observed before it. */
  since?: Moment | undefined
}

interface Moment {
  ms: number
  /** When what each slot holds was observed. */
  observedAtMs: Float64Array
}

/** The rows a selection asks for, `limit` of them at most, and how many there are in all. */
export function select(view: View, selection: Selection): { rows: number[]; total: number } {
  const { sort, action, minScore, maxScore, since } = selection
  if (since !== undefined) {
    const { slots, total } = pageWhere(view.ranking(sort, action), fitting(view.scoreKeys, since, selection), selection)
    return { rows: rowsOf(view, slots), total }
  }
  const byScore = within(view.ranking('score', action), view.scoreKeys, selection)
  const total = byScore.to - byScore.from
  if (sort === 'score') return { rows: rowsOf(view, cut(byScore, selection)), total }
  const ranking = view.ranking(sort, action)
  const isWhole = minScore === undefined && maxScore === undefined
  const slots = isWhole ? cut(ranking, selection) : scan(ranking, view.scoreKeys, selection, total)
  return { rows: rowsOf(view, slots), total }
}

type Bounds = Pick<Selection, 'minScore' | 'maxScore'>

function rowsOf({ rows }: View, slots: ArrayLike<number>): number[] {
  const found: number[] = []
  for (let i = 0; i < slots.length; i++) found.push(rows[slots[i] as number] as number)
  return found
}

const fitting =
  (scoreKeys: Float64Array, { ms, observedAtMs }: Moment, { minScore = 0, maxScore = 100 }: Bounds) =>
  (slot: number) => {
    const score = -(scoreKeys[slot] as number)
    return (observedAtMs[slot] as number) >= ms && score >= minScore && score <= maxScore
  }

/** The stretch of a ranking by score whose scores lie within the bounds, both included. */
function within({ slots, from, to }: Ranking, keys: Float64Array, { minScore, maxScore }: Bounds): Ranking {
  const first =
    maxScore === undefined ? from : partition(from, to, (i) => (keys[slots[i] as number] as number) < -maxScore)
  const end =
    minScore === undefined ? to : partition(first, to, (i) => (keys[slots[i] as number] as number) <= -minScore)
  return { slots, from: first, to: end }
}

/** The first index from which on `isBefore` no longer holds. */
function partition(from: number, to: number, isBefore: (index: number) => boolean): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}

function cut({ slots, from, to }: Ranking, { offset, limit }: Window): Uint32Array {
  const start = Math.min(from + offset, to)
  return slots.subarray(start, Math.min(start + limit, to))
}

/** The same page of a ranking that is not by score: one walk, no longer than it takes to fill the page. */
function scan({ slots, from, to }: Ranking, keys: Float64Array, selection: Selection, total: number): number[] {
  const { minScore = 0, maxScore = 100, offset, limit } = selection
  const wanted = Math.min(limit, total - offset)
  const found: number[] = []
  let skipped = 0
  for (let i = from; i < to && found.length < wanted; i++) {
    const slot = slots[i] as number
    const score = -(keys[slot] as number)
    if (score < minScore || score > maxScore) continue
    if (skipped < offset) skipped++
    else found.push(slot)
  }
  return found
}
