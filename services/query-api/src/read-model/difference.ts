import type { Market } from './market.ts'
import type { RowFilter } from './row-filter.ts'

/** How far somebody's copy of the rows has come. */
export interface Cursor {
  /** What changed up to there he holds. */
  mark: number
  /** Where he last held all, or began with nothing: what did not fit then, he does not hold. */
  base: number
  /** He began with nothing at `base`. */
  isNew: boolean
}

/** The cursor of somebody who holds all that there was at a mark. */
export const holding = (mark: number): Cursor => ({ mark, base: mark, isNew: false })

/** That of somebody who begins with nothing while `head` is the newest mark. */
export const nothingAt = (head: number): Cursor => ({ mark: 0, base: head, isNew: true })

export interface Difference {
  /** Slots whose rows replace those held, as they are now. */
  rows: number[]
  /** Coins whose rows are to be dropped, if they are held. */
  left: string[]
  /** Where the cursor is with them. */
  cursor: Cursor
  /** Nothing is left to tell. */
  isWhole: boolean
}

/** What somebody at a cursor must be told next, at most `limit` coins: oldest changes first, so that what changes meanwhile comes once more, later. */
export function differenceOf(
  { rows, slots }: Pick<Market, 'rows' | 'slots'>,
  filter: RowFilter,
  cursor: Cursor,
  limit: number,
): Difference {
  const { log } = rows
  const told: Pick<Difference, 'rows' | 'left'> = { rows: [], left: [] }
  const mayHold = (slot: number) =>
    cursor.isNew ? log.markOf(slot) > cursor.base : filter.mayHaveFit(slot, cursor.base)
  const tell = (slot: number) => {
    const isWanted = filter.fits(slot)
    if (!isWanted && !mayHold(slot)) return true
    if (told.rows.length + told.left.length === limit) return false
    if (isWanted) told.rows.push(slot)
    else told.left.push(slots.ids[slot] as string)
    return true
  }
  const named = filter.named()
  if (named === null || named.length > limit) {
    const mark = log.walk(cursor.mark, tell)
    if (mark < log.head) return { ...told, cursor: { ...cursor, mark }, isWhole: false }
  } else {
    for (const slot of named) if (log.markOf(slot) > cursor.mark) tell(slot)
  }
  return { ...told, cursor: holding(log.head), isWhole: true }
}
