import type { Clock } from '@crypto-signals/clock'
import type { BudgetStore, CallLimits } from '@crypto-signals/store'

/** The calls a source may be made, as the store counts them: neither a restart nor another replica overspends. */
export interface Budget {
  /** Waits until a call may be made, and counts it. */
  take(signal: AbortSignal): Promise<void>
  /** The source asked to be left alone, until `retryAt` if it said so. Tells until when it is. */
  throttled(retryAt: number | null): Promise<number>
  succeeded(): void
  /** Calls left in the running minute and month. */
  left(): Promise<{ minute: number; month: number | null }>
}

const FIRST_PAUSE_MS = 60_000
const LONGEST_GUESSED_PAUSE_MS = 3_600_000
const LONGEST_PAUSE_MS = 86_400_000

// A timer of more than 2^31 ms fires at once, so long waits are cut.
const LONGEST_SLEEP_MS = 3_600_000

export function createBudget(source: string, limits: CallLimits, store: BudgetStore, clock: Clock): Budget {
  let guessedPauseMs = FIRST_PAUSE_MS
  return {
    async take(signal) {
      for (;;) {
        signal.throwIfAborted()
        const reservation = await store.reserve(source, clock.now(), limits)
        if (reservation.granted) return
        const waitMs = Math.max(reservation.retryAt - clock.now(), 1)
        await clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS), signal)
      }
    },
    async throttled(retryAt) {
      const now = clock.now()
      const until = retryAt === null ? now + guessedPauseMs : Math.min(retryAt, now + LONGEST_PAUSE_MS)
      if (retryAt === null) guessedPauseMs = Math.min(guessedPauseMs * 2, LONGEST_GUESSED_PAUSE_MS)
      await store.block(source, until)
      return until
    },
    succeeded() {
      guessedPauseMs = FIRST_PAUSE_MS
    },
    async left() {
      const { minuteUsed, monthUsed } = await store.usage(source, clock.now())
      const month = limits.perMonth === null ? null : Math.max(limits.perMonth - monthUsed, 0)
      return { minute: Math.max(limits.perMinute - minuteUsed, 0), month }
    },
  }
}
