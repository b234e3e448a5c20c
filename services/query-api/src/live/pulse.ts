/** Knows whether the one at the other end of a stream answers pings. */
export interface Pulse {
  /** To be told of what is sent to him. */
  sent(bytes: number): void
  /** Pings, unless he still owes the last answer. */
  beat(nowMs: number): void
  /** He answered the ping of this mark; what answers none is no answer. */
  answered(mark: string): void
  /** Whether he owes an answer for longer than one takes. */
  isSilentAt(nowMs: number): boolean
}

/**
 * A ping comes behind all that was sent before, of which buffers on its way may hold megabytes: a slow reader has the time that he
 * takes for those besides.
 */
export function createPulse(ping: (mark: string) => void): Pulse {
  // What was sent since the last ping, and until when that one is to be answered.
  let [sentBytes, dueAtMs, pings] = [0, NEVER, 0]
  return {
    sent(bytes) {
      sentBytes += bytes
    },
    beat(nowMs) {
      if (dueAtMs !== NEVER) return
      dueAtMs = nowMs + ANSWER_MS + sentBytes / SLOWEST_BYTES_PER_MS
      sentBytes = 0
      ping(String(++pings))
    },
    answered(mark) {
      if (mark === String(pings)) dueAtMs = NEVER
    },
    isSilentAt: (nowMs) => nowMs >= dueAtMs,
  }
}

const NEVER = Number.POSITIVE_INFINITY

const ANSWER_MS = 10_000

// Whoever reads less does not hold the market within the time that he has for it.
const SLOWEST_BYTES_PER_MS = 50
