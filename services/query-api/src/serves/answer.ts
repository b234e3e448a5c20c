import type { Clock } from '@crypto-signals/clock'
import { etagOf, isKnown, receiptOf } from '@crypto-signals/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Market } from '../read-model/market.ts'

/** What the routes answer from. */
export interface Serving {
  market: Market
  clock: Clock
  /** Whether the data are the simulator's. */
  simulated: boolean
  /** To be told of every coin that somebody asks for by name. */
  asked: (coinId: string) => void
}

type Answerer = (
  serving: Serving,
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  build: (meta: string, nowMs: number) => Buffer | string,
) => FastifyReply

/** Sends what `build` makes, JSON already, with an ETag of the data's version and of how long it stands; nothing is built for a caller who has it. */
export const answer: Answerer = (serving, request, reply, build) => {
  const { version } = serving.market
  const etag = etagOf(version, serving.clock.now() - receiptOf(version))
  reply.header('etag', etag).header('cache-control', CACHE_CONTROL)
  if (isKnown(etag, request.headers['if-none-match'])) return reply.code(304).send()
  return send(serving, reply, build)
}

/** The same where time alone changes what is in the answer: it has no ETag, as its version does not tell whether it is still right. */
export const answerOfNow: Answerer = (serving, _request, reply, build) =>
  send(serving, reply.header('cache-control', OF_NOW), build)

function send({ market, clock, simulated }: Serving, reply: FastifyReply, build: Parameters<Answerer>[3]) {
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .send(build(metaOf(market.version, simulated), clock.now()))
}

/** The end of a body. */
export const metaOf = (version: string, simulated: boolean) =>
  `,"meta":{"source":"${simulated ? 'simulated' : 'live'}","version":"${version}"}}`

/** In the documents of every route that answers by version. */
export const NOT_MODIFIED = {
  304: { type: 'null', description: 'Nothing has changed since the answer whose ETag the caller has' },
} as const

// A second spares us a crowd and makes no score noticeably older; a CDN may go on for five while it fetches anew.
const CACHE_CONTROL = 'public, max-age=1, stale-while-revalidate=5'

export const OF_NOW = 'public, max-age=1'
