import { METHODS } from 'node:http'
import { isKnown } from '@crypto-signals/contracts'
import {
  errorCodes,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  type RequestPayload,
} from 'fastify'
import type { Answer, Ask, Question } from '../question.ts'
import { readBody, TOO_LARGE } from './raw-body.ts'

/**
 * The routes of a service in another process: all that lies at and below `prefixes`, in every method. Which paths there are,
 * which methods they take and what may be in a body is for the service to say.
 */
export function forwardingRoutes(prefixes: readonly string[], ask: Ask): FastifyPluginAsync {
  return async (app) => {
    const methods = everyMethod(app)
    // Fastify would find faults of the body before the service could say that there is no such path or method.
    app.addHook('preParsing', (request, reply, payload, done) => {
      const gone = new AbortController()
      // Fastify's own signal takes a body that was read to its end for a caller who went away.
      reply.raw.once('close', () => gone.abort(GONE))
      forward(ask, request, reply, { payload, signal: gone.signal }).catch((error) => {
        if (!gone.signal.aborted && !reply.sent) done(error)
      })
    })
    for (const url of prefixes.flatMap((prefix) => [prefix, `${prefix}/*`])) {
      app.route({ method: methods, url, schema: { hide: true }, handler: never })
    }
  }
}

// Without a reason of its own each abort makes an exception with its stack.
const GONE = Symbol('gone')

/** All methods but those that are answered before any route: OPTIONS for every path, CONNECT for none. */
function everyMethod(app: FastifyInstance): string[] {
  for (const method of METHODS) {
    if (!app.supportedMethods.includes(method) && method !== 'CONNECT') app.addHttpMethod(method)
  }
  return app.supportedMethods.filter((method) => method !== 'OPTIONS')
}

async function never(): Promise<void> {
  throw new Error('answered before')
}

interface Caller {
  payload: RequestPayload
  /** Aborted when the caller has gone away. */
  signal: AbortSignal
}

async function forward(ask: Ask, request: FastifyRequest, reply: FastifyReply, { payload, signal }: Caller) {
  const body = BODILESS.has(request.method) ? null : await readBody(request, payload)
  // It took so long to come that it was refused already.
  if (reply.sent) return
  const answer = await ask(questionOf(request, body === TOO_LARGE ? BROKEN_BODY : body), signal)
  if (signal.aborted || reply.sent) return
  if (body === TOO_LARGE) {
    // He sends on what nobody is going to read.
    reply.header('connection', 'close')
    if (isAboutBody(answer)) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
  }
  send(answer, request, reply)
}

const BODILESS = new Set(['GET', 'HEAD'])

// Sent in the place of one that is too large: the service refuses it too, unless there is something that it refuses before.
const BROKEN_BODY = Buffer.from('{')

const isAboutBody = ({ status, body }: Answer) =>
  status === 400 && JSON.parse(body.toString()).code === 'HTTP_INVALID_BODY'

/** Nothing else that the caller says reaches a service: not who he claims to be, nor what he has already. */
function questionOf(request: FastifyRequest, body: Buffer | null): Question {
  const { accept, 'content-type': contentType } = request.headers
  const headers: Record<string, string> = { 'x-request-id': request.id }
  if (accept !== undefined) headers.accept = accept
  if (contentType !== undefined) headers['content-type'] = contentType
  const method = request.method === 'HEAD' ? 'GET' : request.method
  return { method, path: request.originalUrl, headers, body }
}

function send(
  { status, headers, body }: Answer,
  { method, headers: given }: FastifyRequest,
  reply: FastifyReply,
): void {
  const isUnchanged = BODILESS.has(method) && isKnown(headers.etag ?? '', given['if-none-match'])
  if (!isUnchanged) return void reply.code(status).headers(headers).send(body)
  const { 'content-type': _, ...kept } = headers
  reply.code(304).headers(kept).send()
}
