import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { allowedMethods } from './allow.ts'
import { answerError, httpError } from './errors.ts'

/**
 * Refuses what no route takes: an unreadable URL, too long a part of one, a wrong method, an unknown path. It does so after
 * the `onRequest` hooks and before the body is looked at, so that such requests are counted and limited as all others.
 */
export function refuseUnroutable(app: FastifyInstance): void {
  const methodsOf = allowedMethods(app)
  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    const methods = methodsOf(pathOf(request.url))
    // A route of this very method may find nothing at the path, as one that serves files does.
    if (methods.length === 0 || methods.includes(request.method)) {
      return answerError(httpError('HTTP_NOT_FOUND', [{ path: 'path', message: 'is not known here' }]), request, reply)
    }
    const takes = methods.join(', ')
    reply.header('allow', takes)
    const details = [{ path: 'method', message: `takes ${takes}` }]
    return answerError(httpError('HTTP_METHOD_NOT_ALLOWED', details), request, reply)
  }
  app.setNotFoundHandler(refuse)
  app.addHook('preParsing', (request, reply, _payload, done) => {
    const { originalUrl } = request
    if (originalUrl !== request.url) return done(httpError('HTTP_INVALID_REQUEST', UNREADABLE))
    if (hasLongPart(originalUrl)) return done(httpError('HTTP_URL_TOO_LONG', TOO_LONG))
    if (request.is404 || takesItForAnother(request, methodsOf)) return void refuse(request, reply)
    done()
  })
}

/** The request's URL, or one that no route has when its path cannot be decoded: Fastify would answer that one past all hooks. */
export function readableUrl({ url = '/' }: IncomingMessage): string {
  if (!url.includes('%')) return url
  try {
    decodeURIComponent(pathOf(url))
    return url
  } catch {
    return '/unreadable'
  }
}

/** `DELETE /api/alerts/triggered` would reach the route of `/api/alerts/:alertId`, though that path is another route's. */
const takesItForAnother = ({ method, url }: FastifyRequest, methodsOf: (path: string) => string[]) =>
  CHANGING.has(method) && !methodsOf(pathOf(url)).includes(method)

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

// Of 128 characters, the longest id there is, each may take nine when it is encoded.
const MAX_PART_LENGTH = 9 * 128

const UNREADABLE = [{ path: 'path', message: 'cannot be decoded' }]

const TOO_LONG = [{ path: 'path', message: `must have no part of more than ${MAX_PART_LENGTH} characters` }]

const hasLongPart = (url: string) =>
  url.length > MAX_PART_LENGTH &&
  pathOf(url)
    .split('/')
    .some((part) => part.length > MAX_PART_LENGTH)

const pathOf = (url: string) => url.split(/[?#]/, 1)[0] ?? ''
