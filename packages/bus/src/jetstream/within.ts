import type { Clock } from '@crypto-signals/clock'

/** What `work` says, or the error of `tooLate` if it has not after `ms`. Its signal is aborted when nobody waits any more. */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  tooLate: () => Error,
): Promise<T> {
  const done = new AbortController()
  const expiry = clock.sleep(ms, done.signal).then(() => {
    throw tooLate()
  })
  try {
    return await Promise.race([work(done.signal), expiry])
  } finally {
    done.abort()
  }
}
