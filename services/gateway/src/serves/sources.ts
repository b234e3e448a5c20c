import type { Clock } from '@crypto-signals/clock'
import { MarketFigures, type MarketIndex, NoQuery, SourcesList } from '@crypto-signals/contracts'
import { failures, httpError, type Ports, within } from '@crypto-signals/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/** `GET /api/sources` and `GET /api/market`: what ingestion left in the store of its sources, and of the market as a whole. */
export function sourceRoutes({ store: { sources }, clock }: Pick<Ports, 'store' | 'clock'>, simulated: boolean) {
  const meta = { source: simulated ? ('simulated' as const) : ('live' as const) }
  const plugin: FastifyPluginAsyncTypebox = async (app) => {
    const ofSources = {
      tags: ['operations'],
      summary: 'Where the data come from, with the attribution that each source asks for, and how each source is',
      querystring: NoQuery,
      response: { ...failures(), 200: SourcesList },
    }
    app.get('/api/sources', { schema: ofSources }, async (_request, reply) => {
      const data = await stored(clock, sources.statuses())
      return reply.header('cache-control', CACHE_CONTROL).send({ success: true, data, count: data.length, meta })
    })
    const ofMarket = {
      tags: ['coins'],
      summary: 'Figures of the whole market',
      querystring: NoQuery,
      response: { ...failures(), 200: MarketFigures },
    }
    app.get('/api/market', { schema: ofMarket }, async (_request, reply) => {
      const indices = await stored(clock, sources.indices())
      const data = { fearGreed: figureOf(indices, 'fear-greed', clock.now()) }
      return reply.header('cache-control', CACHE_CONTROL).send({ success: true, data, meta })
    })
  }
  return plugin
}

// Statuses change once a second at most.
const CACHE_CONTROL = 'public, max-age=1'

const ANSWER_WITHIN_MS = 2_000

/** What the store says; HTTP_UNAVAILABLE if it does not in time. */
async function stored<T>(clock: Clock, asked: Promise<T>): Promise<T> {
  const said = await within<T | null>(clock, ANSWER_WITHIN_MS, asked, null)
  if (said === null) throw httpError('HTTP_UNAVAILABLE')
  return said
}

function figureOf(indices: readonly MarketIndex[], name: MarketIndex['index'], now: number) {
  const found = indices.find(({ index }) => index === name)
  if (found === undefined) return null
  const { index: _, ...figure } = found
  return { ...figure, ageMs: Math.max(0, now - Date.parse(figure.observedAt)) }
}
