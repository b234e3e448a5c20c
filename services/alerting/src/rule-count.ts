import type { Clock } from '@crypto-signals/clock'
import type { AlertStore } from '@crypto-signals/store'

/** How many rules there are, for whoever asks often: some seconds old at most, and as last known while the store is away. */
export interface RuleCount {
  readonly count: number
  /** This replica set or removed rules. */
  moved: (by: number) => void
  /** Asks the store; rejects when it does not tell. */
  refresh: () => Promise<void>
}

export function createRuleCount(alerts: Pick<AlertStore, 'count'>, clock: Clock): RuleCount {
  let count = 0
  let askedAt = Number.NEGATIVE_INFINITY
  async function refresh() {
    askedAt = clock.now()
    count = await alerts.count()
  }
  return {
    get count() {
      if (clock.now() - askedAt >= GOOD_FOR_MS) refresh().catch(() => undefined)
      return count
    },
    moved(by) {
      count += by
    },
    refresh,
  }
}

// A store may have to walk through an index for it, and whoever spreads requests asks several times a second.
const GOOD_FOR_MS = 5_000
