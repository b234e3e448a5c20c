import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Tunnel } from '../flow.ts'

/** What is left of a connection whose caller wants to speak another protocol: the socket, and what he already said in it. */
export interface Upgrade {
  socket: Duplex
  head: Buffer
}

/**
 * Leads requests for a WebSocket at `path` through the routes and hooks of `app` as all others, and gives what belongs to each. Elsewhere
 * nobody is listened to who wants to speak another protocol: he is answered as everybody.
 */
export function takeUpgrades(app: FastifyInstance, path: string): (request: IncomingMessage) => Upgrade | undefined {
  const upgrades = new WeakMap<IncomingMessage, Upgrade>()
  const take = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has taken its own listeners off.
    socket.on('error', () => socket.destroy())
    upgrades.set(request, { socket, head })
    const response = new ServerResponse(request)
    // Nobody reads further requests from it.
    response.shouldKeepAlive = false
    response.assignSocket(socket as never)
    response.once('finish', () => socket.end(() => socket.destroy()))
    app.routing(request, response)
  }
  const server = app.server as typeof app.server & { shouldUpgradeCallback: (request: IncomingMessage) => boolean }
  const isMeant = server.shouldUpgradeCallback
  server.shouldUpgradeCallback = (request) => request.url?.split('?', 1)[0] === path && isMeant.call(server, request)
  app.server.on('upgrade', take)
  app.addHook('preClose', (done) => {
    app.server.off('upgrade', take)
    done()
  })
  return (request) => upgrades.get(request)
}

/** Lets both ends of a tunnel speak to each other as fast as each reads, until one hangs up. Gives what ends it. */
export function joinTunnel(
  { socket: service, headers, head }: Tunnel,
  reply: FastifyReply,
  upgrade: Upgrade,
): () => void {
  const { socket: caller, head: early } = upgrade
  reply.code(101).hijack()
  caller.write(headOf(headers))
  if (head.length > 0) caller.write(head)
  if (early.length > 0) service.write(early)
  caller.pipe(service)
  service.pipe(caller)
  service.on('error', () => undefined)
  // What it said last is still to come to the caller.
  service.once('close', () => caller.end(() => caller.destroy()))
  caller.once('close', () => service.destroy())
  return () => caller.destroy()
}

const headOf = (headers: Record<string, string>) =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${headers['sec-websocket-accept']}`,
    '\r\n',
  ].join('\r\n')
