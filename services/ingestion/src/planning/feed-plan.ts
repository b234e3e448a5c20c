import type { Clock } from '@crypto-signals/clock'
import type { MarketSource, PollFeed, SourceCall } from '../source.ts'
import type { Budget } from './budget.ts'
import { monthOf } from './month.ts'
import { planOf, SHARE_OF_MONTH } from './plan.ts'

/** How often each feed of a source is asked: made anew as its rounds grow and shrink, and as its budget goes. */
export interface FeedPlan {
  intervalMs: (feed: string) => number
  /** Takes in what a round of a feed holds. */
  sized: (feed: string, calls: readonly SourceCall[]) => void
  /** Plans anew. */
  renew: () => Promise<void>
  /** Credits of the month's reserve that may be spent now; 0 if the source has no such limit: its rate is all it can give. */
  spareCredits: () => number
  /** Credits a month that are left for pairs; null if the source has no such limit. */
  creditsForPairs: () => number | null
}

export interface FeedPlanOptions {
  source: MarketSource
  budget: Budget
  clock: Clock
  alone: boolean
  /** In place of the plan's, by feed, ms. */
  given: Readonly<Record<string, number | undefined>>
}

interface Size {
  calls: number
  credits: number
}

// Once a day.
const LISTS_A_MONTH = 31
const ONE_CALL: Size = { calls: 1, credits: 1 }
/** What is kept of the month for calls that fail, whatever else is wanted. */
const KEPT_SHARE = 0.03
/** However much was spent too early, something is asked for. */
const MOST_STRETCHED = 100

export function createFeedPlan({ source, budget, clock, alone, given }: FeedPlanOptions): FeedPlan {
  const polled = source.feeds.filter((feed) => feed.kind === 'poll')
  const besides = source.listCoins === undefined ? 0 : LISTS_A_MONTH
  const sizes = new Map<string, Size>()
  let [stretch, spareCredits] = [1, 0]
  const sizeOf = ({ name }: PollFeed) => sizes.get(name) ?? ONE_CALL
  const plan = () => {
    const { startMs, endMs } = monthOf(clock.now())
    const feeds = polled.map((feed) => ({ ...feed, ...sizeOf(feed) }))
    return planOf({ limits: budget.limits(), feeds, besides, alone, monthMs: endMs - startMs })
  }
  let intervals = plan()
  const intervalMs = (feed: string) => given[feed] ?? Math.round((intervals.get(feed) ?? 0) * stretch)

  return {
    intervalMs,
    sized(feed, calls) {
      const credits = calls.reduce((sum, call) => sum + call.credits, 0)
      sizes.set(feed, calls.length === 0 ? ONE_CALL : { calls: calls.length, credits })
    },
    async renew() {
      intervals = plan()
      const { perMonth } = source.limits
      if (perMonth === null) return
      const { monthUsed } = await budget.usage()
      const perMs = polled.reduce((sum, feed) => sum + sizeOf(feed).credits / (intervals.get(feed.name) ?? Infinity), 0)
      const wanted = perMs * (monthOf(clock.now()).endMs - clock.now())
      stretch = Math.min(Math.max(1, wanted / Math.max(perMonth - monthUsed, 1)), MOST_STRETCHED)
      spareCredits = Math.max(0, Math.floor(perMonth * (1 - KEPT_SHARE) - monthUsed - wanted))
    },
    spareCredits: () => spareCredits,
    creditsForPairs() {
      const { perMonth } = source.limits
      if (perMonth === null) return null
      const shares = polled.reduce((sum, { share }) => sum + share, 0)
      return Math.max(0, (SHARE_OF_MONTH - shares) * perMonth - besides)
    },
  }
}
