import type { Clock } from '@crypto-signals/clock'
import type { Ports } from '@crypto-signals/service'
import { createBudget } from '../budget.ts'
import type { SourceSettings } from '../config.ts'
import type { MarketSource } from '../market-source.ts'
import { openCoingecko } from './coingecko.ts'

const ANSWER_WITHIN_MS = 5_000

/**
 * Whether a source answers, with whatever status. The question counts as a call, and a pause that is asked for in answer is
 * kept; a source with no call left did answer before.
 */
export async function probe(
  settings: SourceSettings,
  { store, clock, log }: Pick<Ports, 'store' | 'clock' | 'log'>,
): Promise<boolean> {
  const source = openCoingecko(settings, clock)
  const { name, limits } = source
  try {
    const { granted } = await store.budgets.reserve(name, clock.now(), limits)
    if (!granted) return true
    const failure = await answerOf(source, clock)
    if (failure === null) return true
    log.warn({ source: name }, `ping failed: ${failure.message}`)
    if (failure.kind === 'throttled')
      await createBudget(name, limits, store.budgets, clock).throttled(failure.retryAt ?? null)
    return failure.kind !== 'no-answer'
  } finally {
    await source.close()
  }
}

async function answerOf(source: MarketSource, clock: Clock) {
  const late = new AbortController()
  const done = new AbortController()
  clock.sleep(ANSWER_WITHIN_MS, done.signal).then(
    () => late.abort(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)),
    () => {},
  )
  try {
    return await source.ping(late.signal)
  } catch (error) {
    return { kind: 'no-answer' as const, message: (error as Error).message }
  } finally {
    done.abort()
  }
}
