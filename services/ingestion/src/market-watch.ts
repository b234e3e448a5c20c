import type { Clock } from '@crypto-signals/clock'
import type { Store } from '@crypto-signals/store'
import type { MeteredSource } from './metrics.ts'
import { type RunningJob, startJob } from './scheduler.ts'
import { jobsOf } from './watch-jobs.ts'
import { createWatchTools, type WatchOptions } from './watch-tools.ts'

/** Watches one market source: its list, its largest coins, all its coins, again and again. */
export interface MarketWatch extends MeteredSource {
  /** Resolves when the work goes on in the background. */
  start(): Promise<void>
  stop(): Promise<void>
  state(): WatchState
}

interface WatchState {
  /** Whether there is anything to work with: quotes came in, or the store holds some and the list of coins. */
  ready: boolean
  /** What is wrong with the source; null if nothing is. */
  trouble: string | null
  /** Coins listed. */
  universe: number
  /** Different coins that came in since the start. */
  quotes: number
}

const STOP_WITHIN_MS = 2_000

export function createMarketWatch(options: WatchOptions): MarketWatch {
  const { source, ports, random } = options
  const { clock, store } = ports
  const log = ports.log.child({ source: source.name })
  const tools = createWatchTools(options, log)
  const { status, universe, intake, history, budget } = tools
  let jobs: RunningJob[] = []
  let hadQuotes = false

  return {
    name: source.name,
    async start() {
      await Promise.all([universe.recall(), status.recall(), history.recall()])
      hadQuotes = universe.known() !== null && (await holdsQuotes(store))
      jobs = jobsOf(tools, options, log).map((job) => startJob(job, { clock, log, random }))
    },
    async stop() {
      const ended = await within(STOP_WITHIN_MS, Promise.all(jobs.map((job) => job.stop())), clock)
      if (!ended) log.warn('stopping although a batch is not yet published')
      await status.close()
      await source.close()
    },
    state: () => ({
      ready: hadQuotes || intake.coins() > 0,
      trouble: status.trouble(),
      universe: universe.known()?.coins.length ?? 0,
      quotes: intake.coins(),
    }),
    sweepAgeSeconds: () => history.sweepAgeSeconds(),
    budgetLeft: () => budget.left(),
  }
}

async function holdsQuotes(store: Store): Promise<boolean> {
  for await (const batch of store.quotes.all(1)) return batch.length > 0
  return false
}

/** Whether `work` is done in time. */
async function within(ms: number, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const done = new AbortController()
  const late = clock.sleep(ms, done.signal).then(
    () => false,
    () => true,
  )
  const inTime = await Promise.race([work.then(() => true), late])
  done.abort()
  return inTime
}
