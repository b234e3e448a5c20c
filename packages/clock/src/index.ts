/** Time as the system sees it: handed to whoever needs it, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const disarm = armed(ms, () => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      })
      const aborted = () => {
        disarm()
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', aborted, { once: true })
    }),
}

/** `now` in the form of the contracts: RFC 3339, UTC, milliseconds. */
export const instantOf = (ms: number): string => new Date(ms).toISOString()

// 25 days. A longer timer would go off at once, and a source's monthly budget can be a month away.
const LONGEST_TIMER_MS = 2 ** 31 - 1

function armed(ms: number, done: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (leftMs: number) => {
    const stepMs = Math.min(leftMs, LONGEST_TIMER_MS)
    timer = setTimeout(() => (stepMs < leftMs ? arm(leftMs - stepMs) : done()), stepMs)
    timer.unref()
  }
  arm(ms)
  return () => clearTimeout(timer)
}
