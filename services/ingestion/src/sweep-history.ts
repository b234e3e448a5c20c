import type { Clock } from '@crypto-signals/clock'
import type { SourceStore, SweepProgress } from '@crypto-signals/store'
import type { Logger } from 'pino'
import { createFirstSweepLog } from './first-sweep-log.ts'

/** What is known of the sweeps of a source, the running one and the last one that ended. */
export interface SweepHistory {
  /** Reads what the store remembers. */
  recall(): Promise<void>
  progressed(progress: SweepProgress): void
  /** When the next sweep is due, ms since the epoch; in the past if one was broken off. */
  nextSweepAt(intervalMs: number): number
  sweepAgeSeconds(): number | null
}

export function createSweepHistory(source: string, store: SourceStore, clock: Clock, log: Logger): SweepHistory {
  const tellFirst = createFirstSweepLog(log)
  let last: SweepProgress | null = null
  let finishedAt: string | null = null
  return {
    async recall() {
      last = await store.sweep(source)
      const status = (await store.statuses()).find(({ name }) => name === source)
      finishedAt = last?.finishedAt ?? status?.sweptAt ?? null
    },
    progressed(progress) {
      if (finishedAt === null) tellFirst(progress)
      last = progress
      finishedAt = progress.finishedAt ?? finishedAt
    },
    nextSweepAt: (intervalMs) => (last?.finishedAt == null ? 0 : Date.parse(last.startedAt) + intervalMs),
    sweepAgeSeconds: () => (finishedAt === null ? null : (clock.now() - Date.parse(finishedAt)) / 1000),
  }
}
