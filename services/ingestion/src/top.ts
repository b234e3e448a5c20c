import { type Clock, instantOf } from '@crypto-signals/clock'
import type { Caller } from './caller.ts'
import type { Intake } from './intake.ts'
import { MAX_ROWS, type MarketSource } from './market-source.ts'
import { TOP_PAGES } from './plan.ts'
import type { UniverseKeeper } from './universe.ts'

/** Looks at the largest coins by market cap. Its calls go before those of a sweep. */
export type Top = (signal: AbortSignal) => Promise<void>

export interface TopOptions {
  source: MarketSource
  caller: Caller
  intake: Intake
  clock: Clock
  universe: UniverseKeeper
}

const TOP_COINS = TOP_PAGES * MAX_ROWS

export function createTop({ source, caller, intake, clock, universe }: TopOptions): Top {
  return async (signal) => {
    // A sweep of so few is as quick, and does not drift.
    if ((universe.known()?.coins.length ?? Infinity) <= TOP_COINS) return
    const startedAt = instantOf(clock.now())
    for (let page = 1; page <= TOP_PAGES; page++) {
      const answer = await caller.call('urgent', (call) => source.topByCap(page, call), signal)
      await intake.take(`top:${startedAt}:${page}`, answer, signal)
      if (answer.rows.length + answer.faults.length + answer.repeated < MAX_ROWS) return
    }
  }
}
