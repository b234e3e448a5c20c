import type { Clock } from '@crypto-signals/clock'
import type { Identity } from './identity/identity.ts'
import { createMarketParts, type MarketPartsOptions } from './market-parts.ts'
import type { Book } from './merging/book.ts'
import { type RunningJob, startJob } from './planning/scheduler.ts'
import type { Watch } from './planning/watch.ts'

/** Watches the market through all sources, and lets out what comes of them as quotes. */
export interface MarketWatch {
  readonly watches: readonly Watch[]
  readonly identity: Identity
  readonly book: Book
  /** Reads what the store remembers, unless `signal` is aborted; resolves when the work goes on in the background. */
  start: (signal?: AbortSignal) => Promise<void>
  stop: () => Promise<void>
  /** People look at these coins. */
  look: (coinIds: readonly string[]) => void
  state: () => MarketState
}

interface MarketState {
  /** Whether there is anything to work with: quotes came in, or the store holds some and the list of coins. */
  ready: boolean
  /** Coins listed. */
  universe: number
  /** Different coins that came in since the start. */
  quotes: number
}

const STOP_WITHIN_MS = 2_000
// A slow server would take longer over the bars of all coins than a process is given to stop.
const KEEP_WITHIN_MS = 3_000
// For what was begun before.
const LAST_WRITE_WITHIN_MS = 1_000

export function createMarketWatch(options: MarketPartsOptions): MarketWatch {
  const { random, ports } = options
  const { clock, log } = ports
  const { bars, book, identity, demand, outflow, hand, planner, jobs } = createMarketParts(options)
  let running: RunningJob[] = []
  return {
    watches: planner.watches,
    identity,
    book,
    async start(signal) {
      await Promise.all([bars.recall(signal), identity.recall(signal)])
      await book.recall(signal)
      // An empty store is read without a look at the signal.
      signal?.throwIfAborted()
      outflow.start()
      await planner.start()
      running = jobs().map((job) => startJob(job, { clock, log, random }))
    },
    async stop() {
      const [unsent, unkept] = [new AbortController(), new AbortController()]
      const stopped = Promise.all([planner.stop(), ...running.map((job) => job.stop())])
      const sent = stopped.then(() => outflow.stop(unsent.signal))
      if (!(await within(STOP_WITHIN_MS, sent, clock))) {
        log.warn('stopping although a batch is not yet published')
        unsent.abort(new Error('no time is left'))
      }
      const kept = Promise.all([bars.flushAll(unkept.signal), identity.flush()])
      if (await within(KEEP_WITHIN_MS, kept, clock)) return
      log.warn('stopping although not all bars are written')
      unkept.abort()
      await within(LAST_WRITE_WITHIN_MS, kept, clock)
    },
    look: demand.look,
    state: () => ({
      ready: hand.cameIn.size > 0 || (planner.universe() > 0 && book.size > 0),
      universe: planner.universe(),
      quotes: hand.cameIn.size,
    }),
  }
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
