import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'
import { SourceError } from '../source-error.ts'

/** Work that is done again and again. */
export interface Job {
  name: string
  run: (signal: AbortSignal) => Promise<void>
  /** When it is first done, ms since the epoch. */
  firstAt: number
  /** From the start of one run to the start of the next; asked anew after each run. */
  intervalMs: () => number | Promise<number>
  planned?: (at: number) => void
  /** Nothing is done before this is so. */
  after?: (signal: AbortSignal) => Promise<void>
}

export interface RunningJob {
  /** Aborts the run and resolves when it has ended. */
  stop: () => Promise<void>
}

export interface SchedulerOptions {
  clock: Clock
  log: Logger
  random: () => number
}

// Only ever later: a budget bears the interval as it is. And not by much: a coin is to be seen again within the time that was planned.
const JITTER = 0.05
const LONGEST_JITTER_MS = 60_000
const RETRY_MS = 60_000
const LONGEST_SLEEP_MS = 3_600_000

/** Runs a job at its times and never twice at once. A run that fails is logged, and tried again within a minute. */
export function startJob(job: Job, { clock, log, random }: SchedulerOptions): RunningJob {
  const stopping = new AbortController()
  const { signal } = stopping

  const loop = async () => {
    await job.after?.(signal)
    for (let at = job.firstAt; ; ) {
      job.planned?.(at)
      for (let left = at - clock.now(); left > 0; left = at - clock.now()) {
        await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal)
      }
      signal.throwIfAborted()
      const startedAt = clock.now()
      const done = await attempt()
      const plannedMs = await job.intervalMs()
      const intervalMs = done ? plannedMs : Math.min(plannedMs, RETRY_MS)
      const from = done ? startedAt : clock.now()
      const jitterMs = Math.min(JITTER * intervalMs, LONGEST_JITTER_MS) * random()
      at = Math.max(from + intervalMs + jitterMs, clock.now())
    }
  }

  const attempt = async () => {
    try {
      await job.run(signal)
      return true
    } catch (err) {
      if (signal.aborted) throw err
      // Trouble with a source is expected, and already told of.
      const level = err instanceof SourceError ? 'warn' : 'error'
      log[level]({ err, job: job.name }, `${job.name} failed: ${(err as Error).message}`)
      return false
    }
  }

  const ended = loop().catch((err: unknown) => {
    if (!signal.aborted) log.error({ err, job: job.name }, `${job.name} ended`)
  })
  return {
    async stop() {
      stopping.abort(new Error('stopped'))
      await ended
    },
  }
}
