import type { Readiness } from '@crypto-signals/service'
import type { Leadership } from './leadership.ts'
import type { MarketWatch } from './market-watch.ts'

/** How ingestion is: the leader is ready when there is something to work with, the others as long as they stand by. */
export function readinessOf(leadership: Leadership, watches: readonly MarketWatch[]): Readiness {
  const leader = leadership.isLeading() ? 1 : 0
  const states = watches.map((watch) => ({ name: watch.name, ...watch.state() }))
  const troubles = states.flatMap(({ name, trouble }) => (trouble === null ? [] : [`${name}: ${trouble}`]))
  const own = leadership.trouble()
  if (own !== null) troubles.push(own)
  const ready = leader === 0 || states.some((state) => state.ready)
  return {
    ready,
    reasons: ready ? troubles : ['no quotes yet', ...troubles],
    counts: {
      leader,
      universe: Math.max(0, ...states.map(({ universe }) => universe)),
      quotes: Math.max(0, ...states.map(({ quotes }) => quotes)),
    },
  }
}
