import { httpError } from '@crypto-signals/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import type { Upstream } from '../upstream.ts'

/** `/livez`, `/readyz` and `/metrics`: for the machinery around the process, not part of the public document. */
export async function operationRoutes(
  app: FastifyInstance,
  { upstreams, metrics, metricsPublic }: { upstreams: Upstream[]; metrics: Registry; metricsPublic: boolean },
): Promise<void> {
  const schema = { hide: true }
  app.get('/livez', { schema }, async () => ({ live: true }))
  app.get('/readyz', { schema }, async (_request, reply) => {
    const states = await Promise.all(upstreams.map(async ({ name, readiness }) => [name, await readiness()] as const))
    const ready = states.every(([, state]) => state.ready)
    return reply.code(ready ? 200 : 503).send({ ready, services: Object.fromEntries(states) })
  })
  app.get('/metrics', { schema }, async (request, reply) => {
    if (!metricsPublic && !isLocal(request)) throw httpError('HTTP_FORBIDDEN', [{ path: '', message: 'loopback only' }])
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}

/** From this machine itself. A proxy on it speaks for others, so a forwarded request is not. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress ?? ''
  const forwarded = headers['x-forwarded-for'] ?? headers.forwarded ?? headers['x-real-ip'] ?? headers.via
  return forwarded === undefined && /^(::ffff:)?127\.|^::1$/.test(address)
}
