import type { Clock } from '@crypto-signals/clock'
import type { Market } from '../read-model/market.ts'
import { EVERYTHING, type RowFilter } from '../read-model/row-filter.ts'
import { compressed, type ExportFormat, linesOf, partsOf } from './compressed.ts'

/** The rows that a filter fits, by rank, all as they were at one version. Whatever their readers take, only compressed bytes are held. */
export interface Exported {
  version: string
  gzip: Buffer
  /** How many bytes they are without compression. */
  length: number
}

export interface Exports {
  /** The version that is known to be answered by `of`, or that of now. */
  versionOf(format: ExportFormat, filter: RowFilter): string
  /** Made in turn, one after the other; that of the whole market serves everybody until the version rises, and for some seconds at least. Undefined when too many wait. */
  of(format: ExportFormat, filter: RowFilter): Promise<Exported> | undefined
}

interface Kept {
  atMs: number
  making: Promise<Exported>
  made?: Exported
}

export function createExports(market: Market, clock: Clock): Exports {
  const [kept, inTurn] = [new Map<ExportFormat, Kept>(), createTurns(MAX_WAITING)]

  const make = (format: ExportFormat, filter: RowFilter) =>
    inTurn(async (): Promise<Exported> => {
      const { version } = market
      const parts = partsOf(market, filter)
      return { version, ...(await compressed(format === 'csv' ? linesOf(parts) : parts)) }
    })
  const stillGood = (format: ExportFormat, { key }: RowFilter) => {
    const one = key === EVERYTHING ? kept.get(format) : undefined
    const isGood = !one?.made || one.made.version === market.version || clock.now() - one.atMs < KEPT_MS
    return isGood ? one : undefined
  }
  const keep = (format: ExportFormat, making: Promise<Exported>) => {
    const one: Kept = { atMs: clock.now(), making }
    kept.set(format, one)
    making.then(
      (made) => Object.assign(one, { made }),
      () => kept.delete(format),
    )
  }
  return {
    versionOf: (format, filter) => stillGood(format, filter)?.made?.version ?? market.version,
    of(format, filter) {
      const one = stillGood(format, filter)
      if (one !== undefined) return one.making
      const making = make(format, filter)
      if (making !== undefined && filter.key === EVERYTHING) keep(format, making)
      return making
    },
  }
}

// To compress the whole market takes half a second of a core: not for every version, of which there may be ten a second.
const KEPT_MS = 5_000

const MAX_WAITING = 16

/** Does one piece of work after the other; undefined when `limit` wait already. */
function createTurns(limit: number) {
  let [last, waiting]: [Promise<unknown>, number] = [Promise.resolve(), 0]
  return <T>(work: () => Promise<T>): Promise<T> | undefined => {
    if (waiting >= limit) return undefined
    waiting++
    const done = last.then(work).finally(() => waiting--)
    last = done.catch(() => undefined)
    return done
  }
}
