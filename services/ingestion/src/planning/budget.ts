import type { Clock } from '@crypto-signals/clock'
import type { BudgetStore, BudgetUsage } from '@crypto-signals/store'
import type { SourceLimits } from '../source.ts'
import { createPace } from './pace.ts'

/** The calls a source may be made, as the store counts them: neither a restart nor another replica overspends. */
export interface Budget {
  /** Waits until a call may be made, and counts it. */
  take: (credits: number, signal: AbortSignal) => Promise<void>
  /** The source asked to be left alone, until `retryAt` if it said so. Tells until when it is. */
  throttled: (retryAt: number | null) => Promise<number>
  succeeded: () => void
  /** The limits as they are kept now: less for hours after a throttle. */
  limits: () => SourceLimits
  usage: () => Promise<BudgetUsage>
}

const FIRST_PAUSE_MS = 60_000
const LONGEST_GUESSED_PAUSE_MS = 3_600_000
const LONGEST_PAUSE_MS = 86_400_000

// A timer of more than 2^31 ms fires at once, so long waits are cut.
const LONGEST_SLEEP_MS = 3_600_000

export function createBudget(source: string, given: SourceLimits, store: BudgetStore, clock: Clock): Budget {
  const pace = createPace(clock)
  let guessedPauseMs = FIRST_PAUSE_MS
  let calledAt = Number.NEGATIVE_INFINITY

  const limits = (): SourceLimits => {
    const slowdown = pace.slowdown()
    if (slowdown === 1) return given
    const perMinute = Math.max(1, Math.floor(given.perMinute / slowdown))
    return { ...given, perMinute, minGapMs: given.minGapMs * slowdown }
  }
  const gap = async (minGapMs: number, signal: AbortSignal) => {
    // A clock that was set back must not make the gap longer than it is.
    const leftMs = Math.min(calledAt + minGapMs - clock.now(), minGapMs)
    if (leftMs > 0) await clock.sleep(leftMs, signal)
  }
  return {
    limits,
    async take(credits, signal) {
      for (;;) {
        signal.throwIfAborted()
        const now = limits()
        await gap(now.minGapMs, signal)
        const reservation = await store.reserve(source, clock.now(), now, credits)
        if (reservation.granted) break
        const waitMs = Math.max(reservation.retryAt - clock.now(), 1)
        await clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS), signal)
      }
      calledAt = clock.now()
    },
    async throttled(retryAt) {
      pace.throttled()
      const now = clock.now()
      const until = retryAt === null ? now + guessedPauseMs : Math.min(retryAt, now + LONGEST_PAUSE_MS)
      if (retryAt === null) guessedPauseMs = Math.min(guessedPauseMs * 2, LONGEST_GUESSED_PAUSE_MS)
      await store.block(source, until)
      return until
    },
    succeeded() {
      guessedPauseMs = FIRST_PAUSE_MS
    },
    usage: () => store.usage(source, clock.now()),
  }
}
