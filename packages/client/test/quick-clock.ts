import type { Clock } from '@crypto-signals/clock'

/** A clock by which waits are over at once and no time limit is ever reached: a sleep of more than 20 s is a limit. */
export interface QuickClock extends Clock {
  /** How long each wait was to be, ms. */
  waits: number[]
}

export function createQuickClock(): QuickClock {
  const waits: number[] = []
  return {
    waits,
    now: () => Date.parse('2026-01-01T00:00:00.000Z'),
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      if (ms > 20_000)
        return new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
        )
      waits.push(ms)
    },
  }
}
