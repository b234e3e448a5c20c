import type { Clock } from '@crypto-signals/clock'
import type { Store, SweepProgress } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { MarketSource, PollFeed } from '../source.ts'
import { createAccount } from './account.ts'
import { createBudget } from './budget.ts'
import { type CallerOptions, createCaller } from './caller.ts'
import type { DemandBook } from './demand-book.ts'
import { createFeedHistory, type FeedHistory } from './feed-history.ts'
import { createFeedPlan, type FeedPlan } from './feed-plan.ts'
import { createFirstSweepLog } from './first-sweep-log.ts'
import type { Hand } from './hand.ts'
import type { IngestionMetrics } from './metrics.ts'
import type { Exchange } from './pairs.ts'
import { heldProgress, progressOf } from './progress.ts'
import { createStatusKeeper, type StatusKeeper, SWEEP } from './source-status.ts'
import { createSpare } from './spare.ts'
import type { UniverseKeeper } from './universe.ts'
import { createWatchedFeed, type WatchedFeed } from './watched-feed.ts'

export interface WatchOptions {
  source: MarketSource
  universe: UniverseKeeper
  demand: DemandBook
  store: Pick<Store, 'sources' | 'budgets'>
  clock: Clock
  log: Logger
  /** At least 0, less than 1. */
  random: () => number
  hand: Hand
  metrics?: IngestionMetrics | undefined
  /** In place of the plan's intervals, by feed, ms. */
  given: Readonly<Record<string, number | undefined>>
  /** No other source tells prices. */
  alone: boolean
  /** The exchanges that are watched and that the base source knows. */
  exchanges: readonly Exchange[]
  /** What only others know of the source. */
  known: (source: string) => { coins: number; heldBack: number }
}

export type WatchTools = ReturnType<typeof createWatchTools>

/** Makes what a watch works with, all for one source. */
export function createWatchTools(options: WatchOptions, log: Logger) {
  const { source, clock, store, universe, metrics, random, alone, given, known } = options
  const { name } = source.facts
  const budget = createBudget(name, source.limits, store.budgets, clock)
  const plan = createFeedPlan({ source, budget, clock, alone, given })
  const polled = source.feeds
    .filter((feed) => feed.kind === 'poll')
    .map((feed) => ({ feed, ...historyOf(feed, plan, options) }))
  const listed = () => (source.listCoins === undefined ? 0 : (universe.known()?.coins.length ?? 0))
  const status = createStatusKeeper({
    source,
    store,
    clock,
    log,
    feeds: polled.map(({ history }) => history),
    known: () => ({ universe: listed(), ...known(name) }),
  })
  const observe: CallerOptions['observe'] = (outcome, error) => {
    metrics?.calls.inc({ source: name, outcome })
    if (error === undefined) return status.succeeded()
    status.failed(error)
    log.warn({ outcome, path: error.path }, `call failed: ${error.message}`)
  }
  const caller = createCaller({ budget, clock, random, observe })
  const account = createAccount({ source: name, metrics, log, clock })
  const feeds = polled.map(
    ({ feed, history, progress }): WatchedFeed =>
      createWatchedFeed({
        feed,
        byId: source.facts.keys === 'coingecko-id',
        demand: options.demand,
        plan,
        history,
        caller,
        progress,
        clock,
        log,
        listedAt: () => universe.known()?.listedAt ?? NEVER,
        progressed: progressTeller(feed, history, { ...options, log }, status),
        callFailed: () => metrics?.failedChunks.inc({ source: name }),
        async take(startedAt, label, answer, signal) {
          account(answer)
          const batch = `${name}:${feed.name}:${startedAt}:${label}`
          await options.hand.observations({ source, feed, batch }, answer, signal)
        },
      }),
  )
  return { status, budget, caller, account, plan, feeds, spare: createSpare({ caller, budget, clock }) }
}

const NEVER = new Date(0).toISOString()

/** What is known of a feed's rounds. Those that cost credits of a month are remembered beyond a restart, and are not made again because of one. */
function historyOf({ name, resumable }: PollFeed, plan: FeedPlan, { source, store, clock }: WatchOptions) {
  const isKept = resumable || source.limits.perMonth !== null
  const progress = isKept ? progressOf(store.sources, source.facts.name, name) : heldProgress()
  const history = createFeedHistory({ name, progress, clock, intervalMs: () => plan.intervalMs(name) })
  return { history, progress }
}

/** Tells of each step of a round, before its history knows. */
function progressTeller(
  { name }: PollFeed,
  history: FeedHistory,
  { source, metrics, log }: WatchOptions,
  status: StatusKeeper,
) {
  const tellFirst = createFirstSweepLog(log)
  return (progress: SweepProgress) => {
    status.changed()
    if (name !== SWEEP || source.listCoins === undefined) return
    if (history.finishedAt() === null) tellFirst(progress)
    metrics?.sweepChunks.set({ source: source.facts.name, state: 'done' }, progress.chunksDone)
    metrics?.sweepChunks.set({ source: source.facts.name, state: 'total' }, progress.chunksTotal)
  }
}
