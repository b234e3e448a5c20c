import type { SourceStatus } from '@crypto-signals/contracts'
import type { BudgetUsage } from '@crypto-signals/store'
import type { MarketSource } from '../source.ts'
import type { RunningJob } from './scheduler.ts'
import { SWEEP } from './source-status.ts'
import type { Spare } from './spare.ts'
import { startJobs } from './watch-jobs.ts'
import { createWatchTools, type WatchOptions } from './watch-tools.ts'

/** Watches one market source: makes its feeds' calls when they are due, again and again. */
export interface Watch {
  readonly source: MarketSource
  /** Goes on from the source's last status, if there is one; resolves when the work goes on in the background. */
  start: (last: SourceStatus | undefined) => Promise<void>
  stop: () => Promise<void>
  /** What is wrong with the source; null if nothing is. */
  trouble: () => string | null
  isUp: () => boolean
  /** How long its latest feed is overdue, ms. */
  lagMs: () => number
  usage: () => Promise<BudgetUsage>
  /** When its month's credits end at the present rate, ms since the epoch; null if not before the month does. */
  exhaustsAt: () => number | null
  /** Age of the newest finished round through all coins in seconds; null before the first, and of sources that have none. */
  sweepAgeSeconds: () => number | null
  readonly spare: Spare
}

export function createWatch(options: WatchOptions): Watch {
  const { source, demand, clock } = options
  const log = options.log.child({ source: source.facts.name })
  const tools = createWatchTools(options, log)
  const { status, budget, plan, feeds, spare } = tools
  const sweep = feeds.find(({ feed }) => feed.name === SWEEP)
  let jobs: RunningJob[] = []

  return {
    source,
    async start(last) {
      if (last !== undefined) status.recall(last)
      const sweptAt = last?.sweptAt ?? null
      await Promise.all(feeds.map(({ feed, history }) => history.recall(feed.name === SWEEP ? sweptAt : null)))
      // When rounds are due follows from what they hold.
      for (const { feed } of feeds) plan.sized(feed.name, feed.round(demand))
      await plan.renew()
      jobs = startJobs(tools, options, log)
      status.changed()
    },
    async stop() {
      await Promise.all(jobs.map((job) => job.stop()))
      await status.close()
      await source.close()
    },
    trouble: status.trouble,
    isUp: () => status.state() === 'ok',
    lagMs: status.lagMs,
    usage: budget.usage,
    exhaustsAt: status.exhaustsAt,
    sweepAgeSeconds() {
      const finishedAt = source.listCoins === undefined ? null : (sweep?.history.finishedAt() ?? null)
      return finishedAt === null ? null : (clock.now() - finishedAt) / 1000
    },
    spare,
  }
}
