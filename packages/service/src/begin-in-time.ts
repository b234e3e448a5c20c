import type { FastifyInstance } from 'fastify'
import { httpError } from './errors.ts'

/**
 * Answers 503 where the answer of an `endless` route has not begun after `withinMs`. Fastify's own limit would also cut off one that is
 * read slowly; without any, a connection on which nothing is said is dropped without a word.
 */
export function beginInTime(app: FastifyInstance, withinMs: number): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.endless === true) route.handlerTimeout = NEVER_MS
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.endless !== true) return done()
    const late = setTimeout(() => {
      if (!reply.sent && !reply.raw.headersSent) reply.send(httpError('HTTP_UNAVAILABLE'))
    }, withinMs)
    reply.raw.once('close', () => clearTimeout(late))
    done()
  })
}

// The longest there is.
const NEVER_MS = 2 ** 31 - 1
