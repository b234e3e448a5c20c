import type { IncomingHttpHeaders } from 'node:http'
import { httpError } from '@crypto-signals/service'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EXPORT_PATHS, STREAM_PATH, WEB_SOCKET_PATH } from '../live-paths.ts'
import { mayRead, type Origins } from './origins.ts'

type Transport = 'sse' | 'websocket' | 'export'

interface StreamLimits {
  /** How many streams an address may have at a time. */
  perAddress: number
  /** Whose pages may read: no browser asks that for a WebSocket. */
  origins: Origins
  meter: { opened(transport: Transport): void; closed(transport: Transport): void; refused(transport: Transport): void }
}

/** Refuses what cannot become a WebSocket, pages that may not read, and streams and exports over those that an address may have at a time. */
export function limitStreams(app: FastifyInstance, { perAddress, origins, meter }: StreamLimits): void {
  const open = new Map<string, number>()
  const begin = (caller: string, transport: Transport) => {
    open.set(caller, (open.get(caller) ?? 0) + 1)
    meter.opened(transport)
  }
  const end = (caller: string, transport: Transport) => {
    const left = (open.get(caller) ?? 0) - 1
    if (left > 0) open.set(caller, left)
    else open.delete(caller)
    meter.closed(transport)
  }
  app.addHook('onRequest', (request, reply, done) => {
    const transport = TRANSPORTS.get(request.routeOptions.url ?? '')
    if (transport === undefined) return done()
    if (transport === 'websocket') mustFit(request, origins)
    const [kind, most] =
      transport === 'export' ? (['exports', MOST_EXPORTS] as const) : (['streams', perAddress] as const)
    const caller = `${kind} ${normalizeIP(request.ip)}`
    if ((open.get(caller) ?? 0) >= most) {
      meter.refused(transport)
      reply.header('retry-after', RETRY_SECONDS)
      throw httpError('HTTP_RATE_LIMITED', [{ path: '', message: `more than ${most} ${kind} at a time` }])
    }
    begin(caller, transport)
    onceOver(request, reply, () => end(caller, transport))
    done()
  })
}

const TRANSPORTS = new Map<string, Transport>([
  [STREAM_PATH, 'sse'],
  [WEB_SOCKET_PATH, 'websocket'],
  ...EXPORT_PATHS.map((path) => [path, 'export'] as const),
])

// A fourth of those that a replica of query-api lets read at a time: slow readers at one address must not take the places of all.
const MOST_EXPORTS = 16

// One of the others has to end first, and nobody knows when.
const RETRY_SECONDS = 10

/** An answer is over when it was sent or its caller has gone; one that became a WebSocket, when the connection is. */
function onceOver({ raw }: FastifyRequest, reply: FastifyReply, over: () => void): void {
  let isOver = false
  const once = () => {
    if (!isOver) over()
    isOver = true
  }
  reply.raw.once('finish', once).once('close', once)
  if (raw.headers.upgrade !== undefined) raw.socket.once('close', once)
}

function mustFit({ headers }: FastifyRequest, origins: Origins): void {
  const faults = faultsOf(headers)
  if (faults.length > 0) throw httpError('HTTP_INVALID_REQUEST', faults)
  if (!mayRead(headers, origins)) {
    throw httpError('HTTP_FORBIDDEN', [{ path: 'header/origin', message: 'may not read here' }])
  }
}

/** What a WebSocket's handshake asks for; a service's own words about it would be no answer of ours. */
const faultsOf = (headers: IncomingHttpHeaders) =>
  HANDSHAKE.filter(([name, pattern]) => !pattern.test(headers[name] ?? '')).map(([name, , message]) => ({
    path: `header/${name}`,
    message,
  }))

const HANDSHAKE = [
  ['host', /./, 'is required'],
  ['connection', /(^|[\s,])upgrade([\s,]|$)/i, 'must be Upgrade'],
  ['upgrade', /^websocket$/i, 'must be websocket'],
  ['sec-websocket-version', /^13$/, 'must be 13'],
  ['sec-websocket-key', /^[+/0-9A-Za-z]{22}==$/, 'must be 16 bytes in base64'],
] as const
