import type { Clock } from '@crypto-signals/clock'
import type { StreamQuery } from '@crypto-signals/contracts'
import { failures, httpError, upgradeOnlyAt } from '@crypto-signals/service'
import { fastifyWebsocket, type WebSocket } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import { WEB_SOCKET } from '../live/framing.ts'
import { createPulse, type Pulse } from '../live/pulse.ts'
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
  const pulses = new Set<Pulse>()
  keepBeating(pulses, clock, closing.signal).catch(() => undefined)
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
      const pulse = createPulse((mark) => socket.ping(mark))
      const left = hub.open(askedBy(streaming, request.query), sinkOf(socket, pulse))
      pulses.add(pulse)
      socket.on('pong', (mark) => pulse.answered(String(mark)))
      socket.once('close', () => {
        pulses.delete(pulse)
        left()
      })
    },
  })
}

const PATH = '/api/stream/ws'

const DESCRIPTION = 'A WebSocket. What the caller sends is taken no notice of. A ping each 10 s wants its pong.'

// Nothing is expected; a frame that is larger ends the connection.
const MAX_PAYLOAD_BYTES = 1_024

const PING_MS = 10_000

const GOING_AWAY = 1001

function sinkOf(socket: WebSocket, pulse: Pulse): Sink {
  return {
    framing: WEB_SOCKET,
    send(frame, drained) {
      socket.send(frame, { binary: false }, drained)
      pulse.sent(frame.length)
      return false
    },
    end: () => socket.close(GOING_AWAY, 'back in a moment'),
    destroy: () => socket.terminate(),
    isSilentAt: (nowMs) => pulse.isSilentAt(nowMs),
  }
}

async function keepBeating(pulses: ReadonlySet<Pulse>, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(PING_MS, signal)
    for (const pulse of pulses) pulse.beat(clock.now())
  }
}
