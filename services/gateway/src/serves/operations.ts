import { httpError } from '@crypto-signals/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { canServe, statesOf } from '../readiness.ts'
import type { Services } from '../upstream.ts'

/** `/livez`, `/readyz` and `/metrics`: for the machinery around the process, not part of the public document. */
export async function operationRoutes(
  app: FastifyInstance,
  { behind, metrics, metricsPublic }: { behind: Services; metrics: Registry; metricsPublic: boolean },
): Promise<void> {
  const schema = { hide: true }
  app.get('/livez', { schema }, async () => ({ live: true }))
  app.get('/readyz', { schema }, async (_request, reply) => {
    const states = await statesOf(behind)
    const ready = !app.draining && canServe(states)
    return reply.code(ready ? 200 : 503).send({ ready, services: { ...states.upstreams, ...states.feeders } })
  })
  app.get('/metrics', { schema, config: { cors: false } }, async (request, reply) => {
    if (!metricsPublic && !isLocal(request)) throw httpError('HTTP_FORBIDDEN', [{ path: '', message: 'loopback only' }])
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}

/** From this machine itself. A proxy on it speaks for others, and a browser for the page it shows, so theirs are not. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress ?? ''
  const forwarded = headers['x-forwarded-for'] ?? headers.forwarded ?? headers['x-real-ip'] ?? headers.via
  return forwarded === undefined && headers.origin === undefined && /^(::ffff:)?127\.|^::1$/.test(address)
}
