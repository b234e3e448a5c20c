import type { StreamQuery } from '@crypto-signals/contracts'
import { failures } from '@crypto-signals/service'
import { fastifySSE } from '@fastify/sse'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { queryError } from '../errors.ts'
import { EVENT_STREAM } from '../live/framing.ts'
import type { Sink } from '../live/stream.ts'
import { askedBy, ENDLESS, refuseWhenFull, STREAM_SCHEMA, type Streaming, StreamMessages } from './streams.ts'

/** `GET /api/stream`: server-sent events. */
export async function serveEventStream(app: FastifyInstance, streaming: Streaming): Promise<void> {
  await app.register(fastifySSE, { heartbeatInterval: HEARTBEAT_MS })
  const schema = {
    ...STREAM_SCHEMA,
    summary: 'What changes from now on, or from a version on, as it changes: server-sent events',
    headers: Type.Object({
      'last-event-id': Type.Optional(Type.String({ description: 'The version to go on from, as browsers send it' })),
    }),
    response: {
      200: { description: DESCRIPTION, content: { 'text/event-stream': { schema: StreamMessages } } },
      ...failures(400, 406),
    },
  }
  const options = { ...ENDLESS, schema, sse: 'only', preHandler: refuseWhenFull(streaming), preSerialization } as const
  app.get<{ Querystring: StreamQuery }>('/api/stream', options, async (request, reply) => {
    const { sse } = reply
    const asked = askedBy(streaming, request.query, sse.lastEventId ?? undefined)
    reply.hijack()
    sse.keepAlive()
    sse.sendHeaders()
    sse.onClose(streaming.hub.open(asked, sinkOf(reply)))
  })
}

const DESCRIPTION = `Each message is an event: its name, for some the id to go on from (a version of the data), and one line of JSON.
First \`hello\`, then \`reset\` if the caller is to forget what he holds, then \`changes\` and \`alert\` as they come. A comment each 10 s keeps the connection alive.`

// Shorter than a silent connection lives, here and at what may stand in between.
const HEARTBEAT_MS = 10_000

/**
 * The library settles what is acceptable, writes the head and keeps the connection alive. Its `send` makes the text of a message anew for each
 * caller, so frames are written past it: one buffer for all that are at the same place.
 */
function sinkOf({ raw }: FastifyReply): Sink {
  return {
    framing: EVENT_STREAM,
    send(frame, drained) {
      if (raw.write(frame)) return true
      raw.once('drain', drained)
      return false
    },
    end: (retryMs) => void raw.end(`retry: ${retryMs}\n\n`),
    destroy: () => void raw.destroy(),
  }
}

/** The library refuses in words of its own who does not accept events. */
async function preSerialization(_request: FastifyRequest, _reply: FastifyReply, payload: unknown): Promise<unknown> {
  if ((payload as { statusCode?: number }).statusCode !== 406) return payload
  throw queryError('QUERY_NOT_ACCEPTABLE', [{ path: 'header/accept', message: 'must admit text/event-stream' }])
}
