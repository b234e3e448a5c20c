import type { Clock } from '@crypto-signals/clock'
import { type FailureKind, SourceError } from '../source-error.ts'
import { createBreaker } from './breaker.ts'
import type { Budget } from './budget.ts'
import { createCallQueue, type Urgency } from './call-queue.ts'

/** Makes the calls to one source: one at a time, within its budget, again when they fail. */
export interface Caller {
  call<T>(urgency: Urgency, request: Request<T>, signal: AbortSignal): Promise<T>
}

export interface Request<T> {
  /** What one attempt costs. */
  credits: number
  ask: (signal: AbortSignal) => Promise<T>
}

export interface CallerOptions {
  budget: Budget
  clock: Clock
  /** At least 0, less than 1. */
  random: () => number
  /** Told of every attempt. */
  observe: (outcome: 'ok' | FailureKind, error?: SourceError) => void
}

export const MAX_TRIES = 4
// Being throttled is no fault of the request: it is only given up so that no loop is without a bound.
const MAX_THROTTLES = 20
const FIRST_BACKOFF_MS = 1_000
const REFUSED_PAUSE_MS = 300_000

export function createCaller({ budget, clock, random, observe }: CallerOptions): Caller {
  const breaker = createBreaker(clock)
  const queue = createCallQueue()
  let refusedUntil = 0

  const attempt = async <T>(request: Request<T>, signal: AbortSignal) => {
    const pauseMs = Math.max(breaker.openUntil(), refusedUntil) - clock.now()
    if (pauseMs > 0) await clock.sleep(pauseMs, signal)
    await budget.take(request.credits, signal)
    const answer = await request.ask(signal)
    breaker.succeeded()
    budget.succeeded()
    observe('ok')
    return answer
  }

  const learn = async (error: SourceError) => {
    if (error.kind === 'throttled') await budget.throttled(error.retryAt)
    if (error.kind === 'refused') refusedUntil = clock.now() + REFUSED_PAUSE_MS
    if (error.kind === 'failed' || error.kind === 'rejected') breaker.failed()
    observe(error.kind, error)
  }

  const persist = async <T>(request: Request<T>, signal: AbortSignal) => {
    const seen = { failed: 0, throttled: 0 }
    for (;;) {
      try {
        return await attempt(request, signal)
      } catch (error) {
        if (!(error instanceof SourceError)) throw error
        await learn(error)
        if (error.kind !== 'failed' && error.kind !== 'throttled') throw error
        seen[error.kind] += 1
        if (seen.failed >= MAX_TRIES || seen.throttled >= MAX_THROTTLES) throw error
        if (error.kind === 'failed') await clock.sleep(backoffMs(seen.failed, random()), signal)
      }
    }
  }

  return { call: (urgency, request, signal) => queue.run(urgency, () => persist(request, signal), signal) }
}

/** Doubles with each failure; between half and the whole of it, so that clients do not come back together. */
const backoffMs = (failures: number, random: number) => FIRST_BACKOFF_MS * 2 ** (failures - 1) * (0.5 + random / 2)
