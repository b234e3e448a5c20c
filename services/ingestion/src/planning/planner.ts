import type { MarketSource } from '../source.ts'
import type { IngestionMetrics } from './metrics.ts'
import { createUniverse } from './universe.ts'
import { createWatch, type Watch } from './watch.ts'
import type { WatchOptions } from './watch-tools.ts'

/** Plans and makes the calls to all sources; what they say goes to `hand`. */
export interface Planner {
  readonly watches: readonly Watch[]
  /** Coins listed. */
  universe: () => number
  /** Reads what the store remembers; resolves when the work goes on in the background. */
  start: () => Promise<void>
  /** Stops, and closes the sources. */
  stop: () => Promise<void>
}

export interface PlannerOptions extends Pick<WatchOptions, 'demand' | 'store' | 'clock' | 'log' | 'random' | 'hand'> {
  /** The one that lists coins is the base source. */
  sources: readonly MarketSource[]
  /** In place of the plan's intervals, of the base source's feeds, ms. */
  intervals?: Readonly<Record<string, number | undefined>>
  metrics?: IngestionMetrics
  /** What only others know of a source, for its status. */
  known?: (source: string) => { coins: number; heldBack: number }
}

export function createPlanner(options: PlannerOptions): Planner {
  const { sources, demand, store, clock, log, hand, intervals = {}, known = NOTHING_KNOWN } = options
  const base = sources.find((source) => source.listCoins !== undefined)
  if (base === undefined) throw new Error('none of the market sources lists the coins there are')
  const universe = createUniverse({
    source: base.facts.name,
    store: store.sources,
    clock,
    log: log.child({ source: base.facts.name }),
    learnt(coins) {
      hand.coins(coins)
      demand.learn(coins.map(({ id }) => id))
    },
  })
  const priced = sources.filter(({ facts }) => facts.kind !== 'index')
  const exchanges = sources.flatMap(({ facts: { name, listedAs } }) =>
    listedAs === undefined ? [] : [{ name, listedAs }],
  )
  const watches = sources.map((source) =>
    createWatch({
      ...options,
      metrics: options.metrics,
      source,
      universe,
      given: source === base ? intervals : {},
      alone: priced.length === 1,
      exchanges,
      known,
    }),
  )
  return {
    watches,
    universe: () => universe.known()?.coins.length ?? 0,
    async start() {
      await universe.recall()
      const statuses = new Map((await store.sources.statuses()).map((status) => [status.name, status]))
      await Promise.all(watches.map((watch) => watch.start(statuses.get(watch.source.facts.name))))
    },
    async stop() {
      await Promise.all(watches.map((watch) => watch.stop()))
    },
  }
}

const NOTHING_KNOWN = () => ({ coins: 0, heldBack: 0 })
