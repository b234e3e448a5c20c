import { instantOf } from '@crypto-signals/clock'
import type { Logger } from 'pino'
import type { IndexFeed, StreamFeed } from '../source.ts'
import { createPairsKeeper } from './pairs.ts'
import { type Job, type RunningJob, startJob } from './scheduler.ts'
import type { WatchOptions, WatchTools } from './watch-tools.ts'
import type { WatchedFeed } from './watched-feed.ts'

/** Starts what is done for a source: of the base source also its list and what it knows of exchanges' pairs. */
export function startJobs(tools: WatchTools, options: WatchOptions, log: Logger): RunningJob[] {
  const isBase = options.source.listCoins !== undefined
  const polled = isBase ? baseJobs(tools, options, log) : tools.feeds.map((feed) => pollJob(feed, tools, options))
  const others = options.source.feeds.flatMap((feed) => {
    if (feed.kind === 'stream') return [streamJob(feed, tools, options)]
    return feed.kind === 'index' ? [indexJob(feed, tools, options)] : []
  })
  const { clock, random } = options
  return [...polled, ...others].map((job) => startJob(job, { clock, log, random }))
}

const RETRY_MS = 60_000
const HOUR_MS = 3_600_000

/** Asks when there is a list of coins: before, nobody could tell what an answer is of. */
function pollJob({ feed, history, run }: WatchedFeed, { plan, status }: WatchTools, options: WatchOptions): Job {
  const { clock, universe } = options
  const now = clock.now()
  return {
    name: feed.name,
    firstAt: Math.max(now, history.nextAt(plan.intervalMs(feed.name))),
    async intervalMs() {
      await plan.renew()
      return plan.intervalMs(feed.name)
    },
    planned(at) {
      history.planned(at)
      status.changed()
    },
    after: universe.whenKnown,
    run,
  }
}

/** The list and what opens come before the first round of the others. */
function baseJobs(tools: WatchTools, options: WatchOptions, log: Logger): Job[] {
  const { clock } = options
  const urgent = tools.feeds.filter(({ feed }) => feed.urgent)
  const opening = urgent.filter(({ feed }) => feed.opening)
  const current = listCall(tools, options)
  const [first, ...rest] = tools.feeds.filter(({ feed }) => !feed.urgent).map((feed) => pollJob(feed, tools, options))
  const urgentJobs = urgent.map((feed) => pollJob(feed, tools, options))
  const pairs = options.exchanges.length === 0 ? [] : [pairsJob(tools, options)]
  if (first === undefined) return [listJob(current, clock.now()), ...urgentJobs, ...pairs]

  let looked = first.firstAt > clock.now()
  const run = async (signal: AbortSignal) => {
    await current(signal)
    for (const feed of looked ? [] : opening) await attempt(() => feed.run(signal), log, signal)
    looked = true
    await first.run(signal)
  }
  const afterLook = (job: Job, index: number): Job => {
    const intervalMs = tools.plan.intervalMs(urgent[index]?.feed.name ?? '')
    return looked ? job : { ...job, firstAt: clock.now() + intervalMs }
  }
  const { after: _, ...started } = first
  return [...urgentJobs.map(afterLook), { ...started, run }, ...rest, ...pairs]
}

async function attempt(look: () => Promise<unknown>, log: Logger, signal: AbortSignal): Promise<void> {
  try {
    await look()
  } catch (err) {
    if (signal.aborted) throw err
    log.warn({ err }, `first look failed: ${(err as Error).message}`)
  }
}

/** The list of coins, asked for if the known one is old. */
function listCall({ caller, account }: WatchTools, { source, universe }: WatchOptions) {
  const list = async (signal: AbortSignal) => {
    if (source.listCoins === undefined) throw new Error(`${source.facts.name} lists no coins`)
    return await source.listCoins(signal)
  }
  return (signal: AbortSignal) =>
    universe.current(async (stop) => {
      const answer = await caller.call('urgent', { credits: 1, ask: list }, stop)
      account(answer)
      return answer
    }, signal)
}

const listJob = (current: (signal: AbortSignal) => Promise<unknown>, now: number): Job => ({
  name: 'list',
  firstAt: now,
  intervalMs: () => HOUR_MS,
  async run(signal) {
    await current(signal)
  },
})

/** After the first round through all coins: which pair is of which coin is of use to whoever has coins. */
function pairsJob({ caller, account, plan, feeds }: WatchTools, options: WatchOptions): Job {
  const { source, exchanges, store, clock, hand } = options
  const sweep = feeds.find(({ feed }) => !feed.urgent)
  const keeper = createPairsKeeper({
    source,
    exchanges,
    caller,
    store: store.sources,
    clock,
    account,
    creditsPerMonth: plan.creditsForPairs,
    learnt: hand.pairs,
  })
  const isDue = () => sweep === undefined || sweep.history.finishedAt() !== null
  return {
    name: 'pairs',
    firstAt: clock.now(),
    intervalMs: () => (isDue() ? HOUR_MS : RETRY_MS),
    async run(signal) {
      if (isDue()) await keeper.run(signal)
    },
  }
}

function indexJob(feed: IndexFeed, { caller }: WatchTools, { clock, hand }: WatchOptions): Job {
  return {
    name: feed.name,
    firstAt: clock.now(),
    intervalMs: () => feed.bestEveryMs,
    async run(signal) {
      await hand.index(await caller.call('patient', { credits: 1, ask: (call) => feed.ask(call) }, signal))
    },
  }
}

/** A stream runs until it is stopped; one that ends by itself is a fault, and begun again within a minute. */
function streamJob(feed: StreamFeed, { account, status }: WatchTools, options: WatchOptions): Job {
  const { source, clock, log, hand, universe } = options
  return {
    name: feed.name,
    firstAt: clock.now(),
    intervalMs: () => RETRY_MS,
    after: universe.whenKnown,
    async run(signal) {
      const batch = `${source.facts.name}:${feed.name}:${instantOf(clock.now())}`
      let count = 0
      await feed.run(
        (answer) => {
          account(answer)
          status.succeeded()
          hand
            .observations({ source, feed, batch: `${batch}:${++count}` }, answer, signal)
            .catch((err: unknown) => signal.aborted || log.error({ err, feed: feed.name }, 'an answer was lost'))
        },
        status.stream,
        signal,
      )
    },
  }
}
