import type { Logger } from 'pino'
import type { Answer, RowFault } from '../source.ts'
import type { IngestionMetrics } from './metrics.ts'

/** Counts the rows of a source's answers, and logs each bad one with its reason, up to a number that no log minds. */
export type Account = (answer: Answer<unknown>) => void

const MAX_LINES = 20

export function createAccount(source: string, metrics: IngestionMetrics | undefined, log: Logger): Account {
  const isNews = createMemory()
  return ({ rows, faults, repeated }) => {
    if (rows.length > 0) metrics?.rows.inc({ source, result: 'good' }, rows.length)
    if (repeated > 0) metrics?.rows.inc({ source, result: 'repeated' }, repeated)
    if (faults.length === 0) return
    metrics?.rows.inc({ source, result: 'bad' }, faults.length)
    for (const { reason } of faults) metrics?.badRows.inc({ source, reason })
    const news = faults.filter(isNews)
    for (const { reason, id } of news.slice(0, MAX_LINES)) log.warn({ coin: id, reason }, `bad row: ${reason}`)
    if (news.length > MAX_LINES) log.warn({ bad: faults.length, of: faults.length + rows.length }, 'and more bad rows')
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
