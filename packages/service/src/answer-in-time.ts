import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { httpError } from './errors.ts'

/**
 * Answers in a route's place where its answer has not begun after `withinMs`: 408 if the body did not come, else 503; a connection on
 * which nothing is said would be dropped without a word. Fastify's own limit ends when a body has come, and cuts off an endless answer
 * that is read slowly.
 */
export function answerInTime(app: FastifyInstance, withinMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    const late = setTimeout(() => {
      if (!reply.sent && !reply.raw.headersSent) answerLate(request, reply, withinMs)
    }, withinMs)
    reply.raw.once('close', () => clearTimeout(late))
    done()
  })
}

function answerLate(request: FastifyRequest, reply: FastifyReply, withinMs: number): void {
  if (isAwaited(request)) {
    // What may still come of it is no request.
    reply.header('connection', 'close').send(httpError('HTTP_TIMEOUT', NOT_SENT))
  } else if (request.routeOptions.config.endless === true) {
    reply.send(httpError('HTTP_UNAVAILABLE'))
  } else {
    reply.send(Object.assign(new Error(`no answer within ${withinMs} ms`), { statusCode: 503 }))
  }
}

/** Whether there is still a body to come. */
const isAwaited = ({ headers, raw }: FastifyRequest) =>
  !raw.complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)

const NOT_SENT = [{ path: 'body', message: 'did not arrive in time' }]
