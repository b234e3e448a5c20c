import type { Clock } from '@crypto-signals/clock'
import { createFlights } from '@crypto-signals/service'
import type { Market } from '../read-model/market.ts'
import { EVERYTHING, type RowFilter } from '../read-model/row-filter.ts'
import { compressed, linesOf, tableOf } from './compressed.ts'
import { createTurns } from './turns.ts'
import { untilGone } from './until-gone.ts'

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
   * Undefined when too many wait, or as soon as `caller` says that the caller has gone: then what has a filter or a limit is not made unless others want it.
   * That of the whole market serves everybody until the version rises, and for some seconds at least. It waits for no other,
   * nor does what has a limit and takes little; all else is made in turn, one after the other.
   */
  of(wanted: Wanted, caller: AbortSignal): Promise<Exported | undefined>
}

interface Kept {
  making: Promise<Exported>
  made?: Exported
  /** When it was made. */
  atMs?: number
}

export function createExports(market: Market, clock: Clock): Exports {
  const kept = new Map<ExportFormat, Kept>()
  const [inTurn, shared] = [createTurns(MAX_WAITING), createFlights<Exported | undefined>()]

  const make = async ({ format, filter, limit }: Wanted, signal?: AbortSignal): Promise<Exported> => {
    const { version } = market
    const lines = linesOf(market, filter, limit)
    const bytes = format === 'csv' ? await tableOf(lines, signal) : lines
    return { version, gzip: await compressed(bytes), length: bytes.length }
  }
  const stillGood = ({ format }: Wanted) => {
    const one = kept.get(format)
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
    return making
  }
  // Made to its end whoever leaves, as the next to ask will want it. Since it is kept, there is one of each format at a time.
  const whole = (wanted: Wanted) => stillGood(wanted)?.making ?? keep(wanted.format, make(wanted))
  const part = (wanted: Wanted, caller: AbortSignal) =>
    shared(keyOf(wanted, market.version), caller, (signal) =>
      wanted.limit === undefined ? inTurn(() => make(wanted, signal), signal) : make(wanted, signal),
    )
  return {
    versionOf: (wanted) => (isWhole(wanted) ? stillGood(wanted)?.made?.version : undefined) ?? market.version,
    of: (wanted, caller) => untilGone(isWhole(wanted) ? whole(wanted) : part(wanted, caller), caller),
  }
}

const isWhole = ({ filter, limit }: Wanted) => filter.key === EVERYTHING && limit === undefined

/** The same for what is answered by the same rows: whoever asks at a version is answered by that or a later one. */
const keyOf = ({ format, filter, limit }: Wanted, version: string) =>
  JSON.stringify([format, filter.key, limit, version])

// To compress the whole market takes a tenth of a second: not for every version, of which there may be ten a second.
const KEPT_MS = 5_000

const MAX_WAITING = 16
