import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '@crypto-signals/clock'
import { upgradeOnlyAt } from '@crypto-signals/service'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Tunnel } from '../flow.ts'

/** What is left of a connection whose caller wants to speak another protocol: the socket, and what he already said in it. */
export interface Upgrade {
  socket: Duplex
  head: Buffer
}

/** Leads requests for a WebSocket at `path` through the routes and hooks of `app` as all others, and gives what belongs to each. */
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
  upgradeOnlyAt(app, path)
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
  { socket: caller, head: early }: Upgrade,
  clock: Clock,
): () => void {
  reply.code(101).hijack()
  caller.write(headOf(headers))
  if (head.length > 0) caller.write(head)
  if (early.length > 0) service.write(early)
  caller.pipe(service)
  service.pipe(caller)
  service.on('error', () => undefined)
  const gone = new AbortController()
  service.once('close', () => {
    // What it said last is still to come to the caller, if he reads.
    caller.end(() => caller.destroy())
    clock.sleep(LAST_WORDS_MS, gone.signal).then(
      () => caller.destroy(),
      () => undefined,
    )
  })
  caller.once('close', () => {
    service.destroy()
    gone.abort(GONE)
  })
  return () => caller.destroy()
}

const LAST_WORDS_MS = 5_000

// Without a reason of its own each abort makes an exception with its stack.
const GONE = Symbol('gone')

const headOf = (headers: Record<string, string>) =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${headers['sec-websocket-accept']}`,
    '\r\n',
  ].join('\r\n')
