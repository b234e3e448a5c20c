/** Time and chance as the client sees them: handed to whoever needs them, so that tests can hold them still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own. A sleep keeps a process alive: somebody waits for what comes after it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }, ms)
      const aborted = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', aborted, { once: true })
    }),
}

interface Limit {
  clock: Clock
  ms: number
  signal: AbortSignal
}

/** What `work` comes to; rejects with the signal's reason when it is aborted first, and with what `late` makes when `ms` pass first. */
export async function within<T>(work: Promise<T>, { clock, ms, signal }: Limit, late: () => unknown): Promise<T> {
  const over = new AbortController()
  let abandon = () => {}
  const abandoned = new Promise<never>((_resolve, reject) => {
    abandon = () => reject(signal.reason)
  })
  if (signal.aborted) abandon()
  signal.addEventListener('abort', abandon)
  const timeout = clock.sleep(ms, over.signal).then(() => Promise.reject(late()))
  // Whichever comes second is heard by nobody.
  for (const loser of [work, abandoned, timeout]) loser.catch(() => {})
  try {
    return await Promise.race([abandoned, work, timeout])
  } finally {
    over.abort()
    signal.removeEventListener('abort', abandon)
  }
}
