import { STREAM_MESSAGES, StreamQuery } from '@crypto-signals/contracts'
import { httpError } from '@crypto-signals/service'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../live/hub.ts'
import type { Asked } from '../live/stream.ts'
import type { Serving } from './answer.ts'
import { rowFilterOf } from './row-query.ts'

/** What the routes of streams have in common, beside what they answer from. */
export interface Streaming extends Serving {
  hub: Hub
}

/** What a caller asked for; `lastEventId` counts more than the query. */
export const askedBy = (serving: Serving, query: StreamQuery, lastEventId?: string): Asked => ({
  filter: rowFilterOf(serving, query),
  since: lastEventId ?? query.since,
  wantsAll: query.snapshot === 'true',
})

/** Longer than any caller stays: how long a stream lasts is for him to say. */
export const ENDLESS = { config: { endless: true }, exposeHeadRoute: false } as const

/** Before a stream begins, so that the refusal is an answer like any other. */
export const refuseWhenFull =
  ({ hub }: Streaming) =>
  async (_request: FastifyRequest, reply: FastifyReply) => {
    if (!hub.isFull) return
    reply.header('retry-after', '10')
    throw httpError('HTTP_UNAVAILABLE')
  }

/** Both carry the same messages for the same query. */
export const STREAM_SCHEMA = { tags: ['live'], querystring: StreamQuery }

/** The messages as the documents show them: of SSE `event`, `id` and `data` are the fields of an event. */
export const StreamMessages = Type.Union(
  Object.entries(STREAM_MESSAGES).map(([event, data]) =>
    Type.Object(
      { event: Type.Literal(event), id: Type.Optional(Type.String()), data },
      { additionalProperties: false, title: event },
    ),
  ),
)
