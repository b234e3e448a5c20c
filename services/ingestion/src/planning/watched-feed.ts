import type { Demand } from '../demand.ts'
import type { PollFeed } from '../source.ts'
import type { FeedHistory } from './feed-history.ts'
import type { FeedPlan } from './feed-plan.ts'
import { createRound, type RoundOptions } from './round.ts'

/** A feed that is polled, with all that its rounds need. */
export interface WatchedFeed {
  readonly feed: PollFeed
  readonly history: FeedHistory
  /** Goes through it once, if there is anything to ask. */
  run: (signal: AbortSignal) => Promise<void>
}

export interface WatchedFeedOptions extends RoundOptions {
  demand: Demand
  plan: FeedPlan
  history: FeedHistory
}

export function createWatchedFeed(options: WatchedFeedOptions): WatchedFeed {
  const { feed, demand, plan, history } = options
  const round = createRound({
    ...options,
    progressed(progress) {
      options.progressed(progress)
      history.progressed(progress)
    },
  })
  return {
    feed,
    history,
    async run(signal) {
      const calls = feed.round(demand)
      plan.sized(feed.name, calls)
      await plan.renew()
      const more = feed.more?.(demand).slice(0, plan.spareCredits()) ?? []
      const all = [...calls, ...more]
      if (all.length > 0) await round(all, plan.intervalMs(feed.name), signal)
      else history.idle()
    },
  }
}
