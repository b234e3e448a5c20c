import type { Clock } from '@crypto-signals/clock'
import type { Ports } from '@crypto-signals/service'
import type { IngestionEnvironment } from '../config.ts'
import { createBudget } from '../planning/budget.ts'
import type { MarketSource } from '../source.ts'
import { openNamed } from './market-sources.ts'

const ANSWER_WITHIN_MS = 5_000

type World = Pick<Ports, 'store' | 'clock' | 'log'>

/**
 * Whether any of the sources that the environment names answers, with whatever status: all are asked at once, and the first answer is enough.
 * Each question counts as a call, and a pause that is asked for in answer is kept; a source with no call left did answer before.
 */
export async function probe(environment: IngestionEnvironment, world: World): Promise<boolean> {
  const { clock, log } = world
  const sources = openNamed(environment, { clock, log, random: Math.random })
  const enough = new AbortController()
  const answers = sources.map(async (source) => {
    const answered = await answersOf(source, world, enough.signal)
    if (answered) enough.abort(new Error('another source answered'))
    return answered
  })
  return (await Promise.all(answers)).includes(true)
}

async function answersOf(source: MarketSource, { store, clock, log }: World, enough: AbortSignal): Promise<boolean> {
  const { facts, limits } = source
  try {
    const { granted } = await store.budgets.reserve(facts.name, clock.now(), limits)
    if (!granted) return true
    const failure = await answerOf(source, clock, enough)
    if (failure === null) return true
    if (!enough.aborted) log.warn({ source: facts.name }, `ping failed: ${failure.message}`)
    if (failure.kind === 'throttled')
      await createBudget(facts.name, limits, store.budgets, clock).throttled(failure.retryAt ?? null)
    return failure.kind !== 'no-answer'
  } finally {
    await source.close()
  }
}

async function answerOf(source: MarketSource, clock: Clock, enough: AbortSignal) {
  const late = new AbortController()
  const done = new AbortController()
  clock.sleep(ANSWER_WITHIN_MS, done.signal).then(
    () => late.abort(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)),
    () => {},
  )
  try {
    return await source.ping(AbortSignal.any([late.signal, enough]))
  } catch (error) {
    return { kind: 'no-answer' as const, message: (error as Error).message }
  } finally {
    done.abort()
  }
}
