import type { Clock } from '@crypto-signals/clock'
import type { Budget } from './budget.ts'
import type { Caller, Request } from './caller.ts'

/** Makes a call that no feed needs, once all that wait are made; null if the source has nothing to spare now, or there is nothing to ask. */
export type Spare = <T>(next: () => Request<T> | null, signal: AbortSignal) => Promise<T> | null

const MINUTE_MS = 60_000
/** Half of what the plan leaves of a source's rate. */
const SHARE_OF_RATE = 0.1

/** What a source's limits leave when its feeds are served. Credits of a month are never spared: there they are what is scarce. */
export function createSpare({ caller, budget, clock }: { caller: Caller; budget: Budget; clock: Clock }): Spare {
  let nextAt = 0
  return (next, signal) => {
    const { perMinute, perMonth, minGapMs } = budget.limits()
    if (perMonth !== null || clock.now() < nextAt) return null
    const request = next()
    if (request === null) return null
    nextAt = clock.now() + Math.max(MINUTE_MS / perMinute, minGapMs) / SHARE_OF_RATE
    return caller.call('idle', request, signal)
  }
}
