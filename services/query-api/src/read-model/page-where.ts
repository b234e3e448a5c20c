import type { Ranking } from './view.ts'

export interface Window {
  offset: number
  limit: number
}

/** A page of those slots of a ranking that `fits` holds for, and how many there are: one walk through all of it. */
export function pageWhere({ slots, from, to }: Ranking, fits: (slot: number) => boolean, { offset, limit }: Window) {
  const found: number[] = []
  let total = 0
  for (let i = from; i < to; i++) {
    const slot = slots[i] as number
    if (!fits(slot)) continue
    if (total >= offset && found.length < limit) found.push(slot)
    total++
  }
  return { slots: found, total }
}
