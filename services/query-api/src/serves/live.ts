import type { FastifyInstance } from 'fastify'
import { serveDelta } from './delta.ts'
import { serveEventStream } from './event-stream.ts'
import { serveExports } from './exports.ts'
import type { Streaming } from './streams.ts'
import { serveWebSocket } from './web-socket.ts'

/** The routes for whoever holds the market himself: all of it at once, and what changes. */
export async function serveLive(app: FastifyInstance, streaming: Streaming): Promise<void> {
  serveExports(app, streaming)
  serveDelta(app, streaming)
  await serveEventStream(app, streaming)
  await serveWebSocket(app, streaming)
  // A server waits for the answers that are under way, and these would never end.
  app.addHook('preClose', () => streaming.hub.close())
}
