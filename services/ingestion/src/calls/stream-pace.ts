import type { SourceTools } from '../source.ts'

/** When to try to connect again. */
export interface Pace {
  wait(signal: AbortSignal): Promise<void>
  /** Told how long a try lasted, the connection included. */
  lasted(ms: number): void
}

// Binance bears 300 tries in 5 minutes.
const LEAST_GAP_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** What lasted less counts as a failure. */
const STEADY_MS = 60_000

/** At once after a connection that lasted; else after a pause that doubles with each failure, less a random part of up to a half. */
export function createPace({ clock, random }: Pick<SourceTools, 'clock' | 'random'>): Pace {
  let failures = 0
  let triedAt = -Infinity
  return {
    async wait(signal) {
      const backoffMs = Math.min(LONGEST_PAUSE_MS, LEAST_GAP_MS * 2 ** failures) * (1 - random() / 2)
      const pauseMs = Math.max(triedAt + LEAST_GAP_MS - clock.now(), failures === 0 ? 0 : backoffMs)
      if (pauseMs > 0) await clock.sleep(pauseMs, signal)
      triedAt = clock.now()
    },
    lasted(ms) {
      failures = ms >= STEADY_MS ? 0 : failures + 1
    },
  }
}
