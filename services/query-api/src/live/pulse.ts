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
  // What was sent since the last ping, and what before it was not shown to have been read.
  let [sinceBytes, aheadBytes, pingedAtMs, pings] = [0, 0, Number.POSITIVE_INFINITY, 0]
  return {
    sent(bytes) {
      sinceBytes += bytes
    },
    beat(nowMs) {
      if (pingedAtMs !== Number.POSITIVE_INFINITY) return
      ;[sinceBytes, aheadBytes, pingedAtMs] = [0, sinceBytes, nowMs]
      ping(String(++pings))
    },
    answered(mark) {
      if (mark !== String(pings)) return
      ;[aheadBytes, pingedAtMs] = [0, Number.POSITIVE_INFINITY]
    },
    isSilentAt: (nowMs) => nowMs - pingedAtMs >= ANSWER_MS + aheadBytes / SLOWEST_BYTES_PER_MS,
  }
}

const ANSWER_MS = 10_000

// Whoever reads less does not hold the market within the time that he has for it.
const SLOWEST_BYTES_PER_MS = 50
