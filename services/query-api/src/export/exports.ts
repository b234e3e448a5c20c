import type { Clock } from '@crypto-signals/clock'
import type { Market } from '../read-model/market.ts'
import { EVERYTHING, type RowFilter } from '../read-model/row-filter.ts'
import { compressed, linesOf, tableOf } from './compressed.ts'

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The rows that a filter fits, by rank, all as they were at one version. Whatever their readers take, only compressed bytes are held. */
export interface Exported {
  version: string
  gzip: Buffer
  /** How many bytes they are without compression. */
  length: number
}

interface Wanted {
  format: ExportFormat
  filter: RowFilter
  /** The first so many by rank; without it, all. */
  limit?: number | undefined
}

export interface Exports {
  /** The version that is known to be answered by `of`, or that of now. */
  versionOf(wanted: Wanted): string
  /**
   * Made in turn, one after the other; that of the whole market serves everybody until the version rises, and for some seconds at least.
   * Undefined when too many wait. What has a limit takes little and waits for nothing.
   */
  of(wanted: Wanted): Promise<Exported> | undefined
}

interface Kept {
  making: Promise<Exported>
  made?: Exported
  /** When it was made. */
  atMs?: number
}

export function createExports(market: Market, clock: Clock): Exports {
  const [kept, inTurn] = [new Map<ExportFormat, Kept>(), createTurns(MAX_WAITING)]

  const make = async ({ format, filter, limit }: Wanted): Promise<Exported> => {
    const { version } = market
    const lines = linesOf(market, filter, limit)
    const bytes = format === 'csv' ? await tableOf(lines) : lines
    return { version, gzip: await compressed(bytes), length: bytes.length }
  }
  const stillGood = (wanted: Wanted) => {
    const one = isWhole(wanted) ? kept.get(wanted.format) : undefined
    const isGood = !one?.made || one.made.version === market.version || clock.now() - (one.atMs ?? 0) < KEPT_MS
    return isGood ? one : undefined
  }
  const keep = (format: ExportFormat, making: Promise<Exported>) => {
    const one: Kept = { making }
    kept.set(format, one)
    making.then(
      (made) => Object.assign(one, { made, atMs: clock.now() }),
      () => kept.delete(format),
    )
  }
  return {
    versionOf: (wanted) => stillGood(wanted)?.made?.version ?? market.version,
    of(wanted) {
      if (wanted.limit !== undefined) return make(wanted)
      const one = stillGood(wanted)
      if (one !== undefined) return one.making
      const making = inTurn(() => make(wanted))
      if (making !== undefined && isWhole(wanted)) keep(wanted.format, making)
      return making
    },
  }
}

const isWhole = ({ filter, limit }: Wanted) => filter.key === EVERYTHING && limit === undefined

// To compress the whole market takes a tenth of a second: not for every version, of which there may be ten a second.
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
