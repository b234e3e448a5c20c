import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'

interface Patience {
  clock: Clock
  log: Logger
  /** Ends the waiting. */
  signal?: AbortSignal | undefined
}

/**
 * Does `work`, again and again while it fails because a server is not available; each new reason is logged once. Rejects with
 * any other error, and at once with the signal's reason.
 */
export async function onceAvailable<T>(work: () => Promise<T>, { clock, log, signal }: Patience): Promise<T> {
  for (let told = ''; ; ) {
    signal?.throwIfAborted()
    try {
      return await orAborted(work(), signal)
    } catch (error) {
      signal?.throwIfAborted()
      if (!isUnavailable(error)) throw error
      if (told !== error.message) log.warn({ code: error.code }, `waiting: ${error.message}`)
      told = error.message
    }
    await clock.sleep(AGAIN_AFTER_MS, signal)
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal?.reason as Error)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

const AGAIN_AFTER_MS = 500

/** Of our errors, those that pass by themselves have such a code. */
export const isUnavailable = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).endsWith('_UNAVAILABLE')
