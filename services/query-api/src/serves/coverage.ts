import type { Clock } from '@crypto-signals/clock'
import { Coverage, NoQuery, type SourceStatus } from '@crypto-signals/contracts'
import { failures, within } from '@crypto-signals/service'
import type { FastifyInstance } from 'fastify'
import { coverageOf, type Surveyed } from '../read-model/coverage.ts'
import { metaOf, OF_NOW, type Serving } from './answer.ts'
import { objectBody } from './body.ts'

type Statuses = () => Promise<readonly SourceStatus[]>

/** `GET /api/coverage`: how much of the market is known and how old it is, worked out at most once a second. */
export function serveCoverage(app: FastifyInstance, serving: Serving, statuses: Statuses): void {
  const { market, clock, simulated } = serving
  const survey = createSurvey(clock, statuses)
  const bodyNow = atMostOnceASecond(clock, async () => {
    const surveyed = await survey()
    const data = JSON.stringify(coverageOf(market, surveyed, clock.now()))
    return objectBody(data, metaOf(market.version, simulated))
  })
  const schema = {
    summary: 'How many coins are priced and scored, from which sources, and how old their prices are',
    tags: ['coins'],
    querystring: NoQuery,
    response: { 200: Coverage, ...failures(400) },
  }
  app.get('/api/coverage', { schema }, async (_request, reply) => {
    const body = await bodyNow()
    return reply.header('cache-control', OF_NOW).header('content-type', 'application/json; charset=utf-8').send(body)
  })
}

/**
 * What the sources say of themselves, from the store: what was known last, while it is asked anew. Waited for alone is the first
 * answer, as coverage is wanted most when the store is slow.
 */
function createSurvey(clock: Clock, statuses: Statuses): () => Promise<Surveyed> {
  let known: readonly SourceStatus[] | undefined
  const ask = async () => {
    known = await within(clock, ASK_WITHIN_MS, statuses(), known)
  }
  return async () => {
    const asked = ask()
    if (known === undefined) await asked
    const exchanges = (known ?? []).flatMap(({ name, kind }) => (kind === 'exchange' ? [name] : []))
    return { listed: Math.max(0, ...(known ?? []).map(({ universe }) => universe)), exchanges: new Set(exchanges) }
  }
}

const ASK_WITHIN_MS = 500

/** Gives the last value again for a second, also to those who ask while it is made. */
function atMostOnceASecond<T>(clock: Clock, make: () => Promise<T>): () => Promise<T> {
  let madeAt = Number.NEGATIVE_INFINITY
  let value: Promise<T> | undefined
  return () => {
    const passedMs = clock.now() - madeAt
    // Less than none: the machine's clock was set back.
    if (value === undefined || passedMs >= 1_000 || passedMs < 0) {
      madeAt = clock.now()
      value = make()
    }
    return value
  }
}
