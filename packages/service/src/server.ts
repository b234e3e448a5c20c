import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { answerInTime } from './answer-in-time.ts'
import { watchConnections } from './connections.ts'
import { answerError, bodyOf } from './errors.ts'
import { meterRequests } from './metrics.ts'
import { requestIds } from './request-id.ts'
import { serializerOf } from './serialization.ts'
import { readableUrl, refuseUnroutable } from './unroutable.ts'
import { validatorOf } from './validation.ts'

export interface ServerOptions {
  log: Logger
  metrics: Registry
  /** Proxies whose `X-Forwarded-For` is believed, addresses or CIDRs; none by default. */
  trustedProxies?: string[]
}

/** An HTTP server as every service of the system has it: strict about what comes in, quiet about what goes wrong inside. */
export function createServer({ log, metrics, trustedProxies = [] }: ServerOptions) {
  const loggerInstance: FastifyBaseLogger = log
  const app = Fastify({
    ...LIMITS,
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIds(),
    // What comes while the port closes came to a process that seemed to be there: of workers that share a port, none other gets it.
    return503OnClosing: false,
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    rewriteUrl: readableUrl,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply as FastifyReply),
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.decorate('draining', false)
  app.decorate('dropConnections', watchConnections(app.server))
  app.setValidatorCompiler(validatorOf as never)
  app.setSerializerCompiler(serializerOf)
  app.setErrorHandler(answerError)
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    done()
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'x-request-id': request.id, ...FIXED_HEADERS })
    if (app.draining) reply.header('connection', 'close')
    if (isClosing && request.routeOptions.config.endless === true) refuse(reply)
    else done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply)
    done()
  })
  answerInTime(app, ANSWER_WITHIN_MS)
  refuseUnroutable(app)
  meterRequests(app, metrics)
  return app
}

/** What would hardly be over before the port is closed. All else that still comes is answered. */
function refuse(reply: FastifyReply): void {
  reply.headers({ connection: 'close', 'retry-after': '1', 'cache-control': 'no-store' })
  reply
    .code(503)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(bodyOf('HTTP_UNAVAILABLE')))
}

export type Server = ReturnType<typeof createServer>

declare module 'fastify' {
  interface FastifyInstance {
    /** Set when the process is about to end: callers are to go elsewhere, what comes meanwhile is still answered. */
    draining: boolean
    /** Breaks all connections there are, whatever they speak and whoever still waits for an answer. */
    dropConnections: () => void
  }
  interface FastifyContextConfig {
    /** The answer lasts for as long as its caller stays or reads: how long it took says nothing. It must begin in time all the same. */
    endless?: boolean
  }
}

export const ANSWER_WITHIN_MS = 10_000

// Node's defaults let a slow sender keep a socket for ever; all three times are needed, and the headers' below the request's.
// `connectionTimeout` also ends a client that does not read its answers: Node drops it when none of what is queued for it
// went out from one check to the next. It must be longer than an answer and a request's arrival may take: those have
// answers.
const LIMITS = {
  bodyLimit: 64 * 1024,
  connectionTimeout: 17_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  http: {
    headersTimeout: 10_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16 * 1024,
    shouldUpgradeCallback: isForWebSocket,
  },
  // Longer than any URL: too long a part is refused after the hooks, see `refuseUnroutable`.
  routerOptions: { maxParamLength: 16 * 1024 },
}

/** Of another protocol that a caller would rather speak, as curl of HTTP/2, no notice is taken: he is answered as any other. */
function isForWebSocket(this: unknown, { headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && (this as HttpServer).listenerCount('upgrade') > 0
}

const SLOW_MS = 500

const DETAILED = new Set(['debug', 'trace'])

const FIXED_HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const durationMs = reply.elapsedTime
  const slow = durationMs > SLOW_MS && request.routeOptions.config.endless !== true
  if (!slow && !DETAILED.has(request.log.level)) return
  const line = {
    method: request.method,
    url: request.originalUrl,
    status: reply.statusCode,
    durationMs: Math.round(durationMs),
  }
  if (slow) request.log.warn(line, 'slow request')
  else request.log.debug(line, 'request')
}

/** What cannot be read as HTTP at all never becomes a request: it is answered on the socket. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // Already told so, or does not read: waiting for the answer to go out could take for ever.
  const isStuck = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.writableLength > 0
  if (socket.writableEnded || isStuck) return void socket.destroy()
  const code = BROKEN[error.code ?? ''] ?? 'HTTP_INVALID_REQUEST'
  const [status, body] = [
    STATUS_LINES[code],
    JSON.stringify(bodyOf(code, [{ path: '', message: 'cannot be read as HTTP' }])),
  ]
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  }
  socket.destroySoon()
}

const BROKEN = { HPE_HEADER_OVERFLOW: 'HTTP_HEADERS_TOO_LARGE', ERR_HTTP_REQUEST_TIMEOUT: 'HTTP_TIMEOUT' } as Record<
  string,
  keyof typeof STATUS_LINES | undefined
>

const STATUS_LINES = {
  HTTP_INVALID_REQUEST: '400 Bad Request',
  HTTP_TIMEOUT: '408 Request Timeout',
  HTTP_HEADERS_TOO_LARGE: '431 Request Header Fields Too Large',
}
