import type { Clock } from '@crypto-signals/clock'
import type { StreamQuery } from '@crypto-signals/contracts'
import { failures, httpError, upgradeOnlyAt } from '@crypto-signals/service'
import { fastifyWebsocket, type WebSocket } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import { WEB_SOCKET } from '../live/framing.ts'
import type { Sink } from '../live/stream.ts'
import { askedBy, ENDLESS, refuseWhenFull, STREAM_SCHEMA, type Streaming, StreamMessages } from './streams.ts'

/** `GET /api/stream/ws`: the same messages over a WebSocket. */
export async function serveWebSocket(app: FastifyInstance, streaming: Streaming): Promise<void> {
  const { hub, clock } = streaming
  const closing = new AbortController()
  await app.register(fastifyWebsocket, {
    options: { maxPayload: MAX_PAYLOAD_BYTES },
    errorHandler: (_error, socket) => socket.terminate(),
    // The hub ends them.
    preClose: (done) => done(),
  })
  upgradeOnlyAt(app, PATH)
  keepAlive(app.websocketServer.clients, clock, closing.signal).catch(() => undefined)
  app.addHook('preClose', async () => closing.abort())
  const schema = {
    ...STREAM_SCHEMA,
    summary: 'The same messages over a WebSocket, each the text of one frame',
    response: {
      101: { description: DESCRIPTION, content: { 'application/json': { schema: StreamMessages } } },
      ...failures(400),
    },
  }
  app.route<{ Querystring: StreamQuery }>({
    method: 'GET',
    url: PATH,
    ...ENDLESS,
    schema,
    preHandler: refuseWhenFull(streaming),
    handler: async () => {
      throw httpError('HTTP_INVALID_REQUEST', [{ path: 'header/upgrade', message: 'must be websocket' }])
    },
    wsHandler(socket, request) {
      socket.once('close', hub.open(askedBy(streaming, request.query), sinkOf(socket)))
    },
  })
}

const PATH = '/api/stream/ws'

const DESCRIPTION = 'A WebSocket. What the caller sends is taken no notice of. A ping each 10 s wants its pong.'

// Nothing is expected; a frame that is larger ends the connection.
const MAX_PAYLOAD_BYTES = 1_024

const PING_MS = 10_000

const GOING_AWAY = 1001

function sinkOf(socket: WebSocket): Sink {
  return {
    framing: WEB_SOCKET,
    send(frame, drained) {
      socket.send(frame, { binary: false }, drained)
      return false
    },
    end: () => socket.close(GOING_AWAY, 'back in a moment'),
    destroy: () => socket.terminate(),
  }
}

/** Ends the sockets whose peers do not answer from one ping to the next. */
async function keepAlive(sockets: ReadonlySet<WebSocket>, clock: Clock, signal: AbortSignal): Promise<void> {
  const silent = new WeakSet<WebSocket>()
  for (;;) {
    await clock.sleep(PING_MS, signal)
    for (const socket of sockets) {
      if (silent.has(socket)) socket.terminate()
      else {
        silent.add(socket)
        socket.once('pong', () => silent.delete(socket))
        socket.ping()
      }
    }
  }
}
