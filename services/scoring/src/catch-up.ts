import type { Quote } from '@crypto-signals/contracts'
import type { Ports } from '@crypto-signals/service'

interface CatchUpOptions extends Pick<Ports, 'clock' | 'log'> {
  /** Stored quotes without signals, in batches of at most `size`. */
  unscored: (size: number) => AsyncIterable<Quote[]>
  /** Scores and publishes quotes, and tells how many that were. */
  score: (quotes: readonly Quote[]) => Promise<number>
  /** How many events are not handled yet. */
  behind: () => Promise<number>
}

/** Scores stored quotes whose event was lost: never before an earlier event of the same coin. */
export interface CatchUp {
  /** All of them, where none can have an event that is still to come. */
  once(): Promise<void>
  /** Again and again until `signal` is aborted, which is all it rejects for; the first time after `waitMs`. */
  repeat(waitMs: number, signal: AbortSignal): Promise<never>
}

export function createCatchUp({ unscored, score, behind, clock, log }: CatchUpOptions): CatchUp {
  const pass = async (receivedUpTo: string, signal?: AbortSignal) => {
    let coins = 0
    for await (const quotes of unscored(PAGE_ROWS)) {
      signal?.throwIfAborted()
      coins += await score(quotes.filter(({ receivedAt }) => receivedAt <= receivedUpTo))
    }
    if (coins > 0) log.info({ coins }, 'caught up with stored quotes')
  }
  /** The time at which every event that was published had been handled. */
  const whenHandled = async (signal: AbortSignal) => {
    for (;;) {
      const now = clock.now()
      // A bus that is away cannot tell: the event may still lie there.
      if ((await behind().catch(() => Infinity)) === 0) return now
      await clock.sleep(POLL_MS, signal)
    }
  }
  return {
    once: () => pass(END_OF_TIME),
    async repeat(waitMs, signal) {
      for (;;) {
        await clock.sleep(waitMs, signal)
        const handledAt = await whenHandled(signal)
        await pass(new Date(handledAt - ON_ITS_WAY_MS).toISOString(), signal).catch((error: unknown) => {
          signal.throwIfAborted()
          log.warn({ err: error }, 'stored quotes could not be scored: tried again later')
        })
        waitMs = Math.max(REPEAT_MS, (clock.now() - handledAt) * PAUSE_PER_PASS)
      }
    },
  }
}

/** How often it is repeated: with `ON_ITS_WAY_MS`, what was lost with the bus is scored within a minute. */
export const REPEAT_MS = 40_000

// A store that needs long to look through its quotes has other things to do.
const PAUSE_PER_PASS = 10

// A quote is stored before it is published, and its publisher may wait ten seconds for a bus that is away.
const ON_ITS_WAY_MS = 15_000
const POLL_MS = 1_000
// As many quotes as fill an event for each partition.
const PAGE_ROWS = 1_600
const END_OF_TIME = '9999'
