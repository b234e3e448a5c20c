import { type Clock, instantOf } from '@crypto-signals/clock'
import { type Cursor, differenceOf } from '../read-model/difference.ts'
import { joinedRows } from '../read-model/joined-rows.ts'
import type { Market } from '../read-model/market.ts'
import type { RowFilter } from '../read-model/row-filter.ts'
import type { Framing } from './framing.ts'

/** What a stream is told next of the rows. */
interface Step {
  /** Null when nothing of it concerns the filter; then it is whole. */
  frame: Buffer | null
  cursor: Cursor
  /** With it the caller holds all that there is now. */
  isWhole: boolean
}

/** Makes the `changes` of streams: always of the present state, so that no stream needs a queue. Streams at one place that want the same share one buffer. */
export interface Changes {
  after(cursor: Cursor, filter: RowFilter, framing: Framing): Step
  /** The end of a step that has no more rows, or the word that the version rose and nothing of it concerned the caller. */
  none(framing: Framing): Buffer
  /** Lets go of what was kept for others to share. */
  forget(): void
}

/** `messageRows`: how many coins a message tells of at most. */
export function createChanges(
  market: Pick<Market, 'rows' | 'slots' | 'version'>,
  clock: Clock,
  messageRows: number,
): Changes {
  const { rows } = market
  const steps = createShared<Step>(({ frame }) => frame?.length ?? 0)
  let sharedAt = rows.log.head

  const frameOf = (slots: readonly number[], left: readonly string[], framing: Framing, isWhole: boolean) => {
    const { head, tail } = framing.around('changes', isWhole ? market.version : undefined)
    return joinedRows(rows, slots, {
      head: `${head}{"version":"${market.version}","at":"${instantOf(clock.now())}","rows":[`,
      tail: `],"left":${JSON.stringify(left)},"more":${!isWhole}}${tail}`,
    })
  }
  return {
    after(cursor, filter, framing) {
      if (sharedAt !== rows.log.head) steps.clear()
      sharedAt = rows.log.head
      const place = `${framing.name} ${cursor.mark} ${cursor.base} ${cursor.isNew}`
      return steps.of(filter.key, place, () => {
        const { rows: slots, left, ...rest } = differenceOf(market, filter, cursor, messageRows)
        const isNothing = slots.length + left.length === 0
        return { ...rest, frame: isNothing ? null : frameOf(slots, left, framing, rest.isWhole) }
      })
    },
    none: (framing) => frameOf([], [], framing, true),
    forget: steps.clear,
  }
}

/** Keeps what was made, up to some size in all. */
function createShared<T>(sizeOf: (made: T) => number) {
  // In two steps, as a filter's key can be long: its hash is worked out once.
  let [kept, size] = [new Map<string, Map<string, T>>(), 0]
  const clear = () => {
    ;[kept, size] = [new Map(), 0]
  }
  return {
    clear,
    of(group: string, key: string, make: () => T): T {
      const known = kept.get(group)?.get(key)
      if (known !== undefined) return known
      const made = make()
      size += sizeOf(made)
      if (size > MAX_SHARED_BYTES) clear()
      const members = kept.get(group) ?? new Map<string, T>()
      kept.set(group, members.set(key, made))
      return made
    },
  }
}

// The whole market of 17,000 coins once, for all who come back at the same time.
const MAX_SHARED_BYTES = 16 * 2 ** 20
