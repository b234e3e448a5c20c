import type { Clock } from '@crypto-signals/clock'
import { etagOf, isKnown } from '@crypto-signals/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Market } from '../read-model/market.ts'

/** What the routes answer from. */
export interface Serving {
  market: Market
  clock: Clock
  /** Whether the data are the simulator's. */
  simulated: boolean
}

/** Sends what `build` makes, JSON already, with the version of the data as its ETag; nothing is built for a caller who has that version. */
export function answer(
  { market, clock, simulated }: Serving,
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  build: (meta: string, nowMs: number) => Buffer | string,
): FastifyReply {
  const { version } = market
  reply.header('etag', etagOf(version)).header('cache-control', CACHE_CONTROL)
  if (isKnown(version, request.headers['if-none-match'])) return reply.code(304).send()
  const meta = `,"meta":{"source":"${simulated ? 'simulated' : 'live'}","version":"${version}"}}`
  return reply.header('content-type', 'application/json; charset=utf-8').send(build(meta, clock.now()))
}

/** In the documents of every route that answers by version. */
export const NOT_MODIFIED = { 304: { type: 'null', description: 'The caller has this version' } } as const

// A second spares us a crowd and makes no score noticeably older; a CDN may go on for five while it fetches anew.
const CACHE_CONTROL = 'public, max-age=1, stale-while-revalidate=5'
