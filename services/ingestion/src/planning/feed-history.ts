import type { Clock } from '@crypto-signals/clock'
import type { SourceStatus } from '@crypto-signals/contracts'
import type { SweepProgress } from '@crypto-signals/store'
import type { ProgressStore } from './round.ts'

/** What is known of the rounds of a feed, the running one and the last one that ended. */
export interface FeedHistory {
  readonly name: string
  /** Reads what the store remembers; `finishedAt` is when a round ended of which it remembers no more than that. */
  recall: (finishedAt: string | null) => Promise<void>
  progressed: (progress: SweepProgress) => void
  planned: (at: number) => void
  /** There was nothing to ask: that, too, was in time. */
  idle: () => void
  /** When the next round is due, ms since the epoch; in the past if one was broken off or there was none. */
  nextAt: (intervalMs: number) => number
  /** The running round, or the last one. */
  progress: () => RoundProgress | null
  /** When a round last came to its end, ms since the epoch; null before the first. */
  finishedAt: () => number | null
  /** How long a round is overdue, ms. */
  lagMs: () => number
  status: () => FeedStatus
}

type FeedStatus = SourceStatus['feeds'][number]

type RoundProgress = Omit<SweepProgress, 'listedAt'>

export interface FeedHistoryOptions {
  name: string
  progress: ProgressStore
  clock: Clock
  intervalMs: () => number
}

// As much as rounds are scattered.
const SCATTER = 1.05

export function createFeedHistory({ name, progress, clock, intervalMs }: FeedHistoryOptions): FeedHistory {
  let inTimeAt = clock.now()
  let last: SweepProgress | null = null
  let finishedAt: number | null = null
  let plannedAt: number | null = null
  const learn = (news: SweepProgress) => {
    last = news
    if (news.finishedAt !== null) finishedAt = Date.parse(news.finishedAt)
  }
  return {
    name,
    async recall(instant) {
      const known = await progress.last()
      if (instant !== null) finishedAt = Date.parse(instant)
      if (known !== null) learn(known)
    },
    progressed: learn,
    planned(at) {
      plannedAt = at
    },
    idle() {
      inTimeAt = clock.now()
    },
    nextAt: (interval) => (last?.finishedAt == null ? 0 : Date.parse(last.startedAt) + interval),
    progress: () => last && withoutList(last),
    finishedAt: () => finishedAt,
    lagMs: () => Math.max(0, Math.round(clock.now() - Math.max(finishedAt ?? 0, inTimeAt) - SCATTER * intervalMs())),
    status: () => ({
      name,
      everyMs: intervalMs(),
      startedAt: last?.startedAt ?? null,
      finishedAt: finishedAt === null ? null : new Date(finishedAt).toISOString(),
      nextAt: plannedAt === null ? null : new Date(Math.round(plannedAt)).toISOString(),
      callsDone: last?.chunksDone ?? 0,
      callsTotal: last?.chunksTotal ?? 0,
      rowsGood: last?.rowsGood ?? 0,
      rowsBad: last?.rowsBad ?? 0,
    }),
  }
}

function withoutList(last: SweepProgress): RoundProgress {
  const { startedAt, finishedAt, chunksDone, chunksTotal, rowsGood, rowsBad } = last
  return { startedAt, finishedAt, chunksDone, chunksTotal, rowsGood, rowsBad }
}
