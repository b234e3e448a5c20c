import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'
import type { Answer, RowFault } from '../source.ts'
import type { IngestionMetrics } from './metrics.ts'

/** Counts the rows of a source's answers, and logs bad ones with their reasons: each once, and no more an hour than a log bears. */
export type Account = (answer: Answer<unknown>) => void

interface AccountOptions {
  source: string
  metrics: IngestionMetrics | undefined
  log: Logger
  clock: Clock
}

const MAX_LINES = 20
const HOUR_MS = 3_600_000

export function createAccount({ source, metrics, log, clock }: AccountOptions): Account {
  const isNews = createMemory()
  let [lines, since] = [0, 0]
  const linesLeft = () => {
    if (clock.now() - since >= HOUR_MS) [lines, since] = [0, clock.now()]
    return Math.max(0, MAX_LINES - lines)
  }
  return ({ rows, faults, repeated }) => {
    if (rows.length > 0) metrics?.rows.inc({ source, result: 'good' }, rows.length)
    if (repeated > 0) metrics?.rows.inc({ source, result: 'repeated' }, repeated)
    if (faults.length === 0) return
    metrics?.rows.inc({ source, result: 'bad' }, faults.length)
    for (const { reason } of faults) metrics?.badRows.inc({ source, reason })
    const news = faults.filter(isNews)
    const left = linesLeft()
    for (const { reason, id } of news.slice(0, left)) log.warn({ coin: id, reason }, `bad row: ${reason}`)
    if (left > 0 && news.length > left)
      log.warn({ bad: faults.length, of: faults.length + rows.length }, 'and more bad rows, not told of for an hour')
    lines += news.length
  }
}

const MAX_REMEMBERED = 5_000

/** A stream says the same every second: once is enough. */
function createMemory(): (fault: RowFault) => boolean {
  const told = new Set<string>()
  return ({ reason, id }) => {
    const fault = `${reason} ${id}`
    if (told.has(fault)) return false
    if (told.size >= MAX_REMEMBERED) told.clear()
    told.add(fault)
    return true
  }
}
