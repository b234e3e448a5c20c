import { failures, httpError } from '@crypto-signals/service'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { canServe, statesOf } from '../readiness.ts'
import type { Services } from '../upstream.ts'

/** `/livez`, `/readyz` and `/metrics`: for the machinery around the process. */
export async function operationRoutes(
  app: FastifyInstance,
  { behind, metrics, metricsPublic }: { behind: Services; metrics: Registry; metricsPublic: boolean },
): Promise<void> {
  app.get('/livez', { schema: LIVEZ }, async () => ({ live: true }))
  app.get('/readyz', { schema: READYZ }, async (_request, reply) => {
    const states = await statesOf(behind)
    const ready = !app.draining && canServe(states)
    return reply.code(ready ? 200 : 503).send({ ready, services: { ...states.upstreams, ...states.feeders } })
  })
  app.get('/metrics', { schema: METRICS, config: { cors: false } }, async (request, reply) => {
    if (!metricsPublic && !isLocal(request)) throw httpError('HTTP_FORBIDDEN', [{ path: '', message: 'loopback only' }])
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}

const tags = ['operations']

const LIVEZ = {
  tags,
  summary: 'Whether the process lives',
  response: { 200: Type.Object({ live: Type.Literal(true) }), ...failures() },
}

const Ready = Type.Object({
  ready: Type.Boolean(),
  services: Type.Record(
    Type.String(),
    Type.Object({
      ready: Type.Boolean(),
      reasons: Type.Array(Type.String()),
      counts: Type.Record(Type.String(), Type.Number()),
      version: Type.Optional(Type.String()),
    }),
  ),
})

const READYZ = { tags, summary: 'Whether it can serve', response: { ...failures(), 200: Ready, 503: Ready } }

const METRICS = {
  tags,
  summary: 'Figures for Prometheus',
  description: 'For callers on the machine itself, unless METRICS_PUBLIC is true.',
  response: { 200: { content: { 'text/plain': { schema: Type.String() } } }, ...failures(403) },
}

/** From this machine itself. A proxy on it speaks for others, and a browser for the page it shows, so theirs are not. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress ?? ''
  const forwarded = headers['x-forwarded-for'] ?? headers.forwarded ?? headers['x-real-ip'] ?? headers.via
  return forwarded === undefined && headers.origin === undefined && /^(::ffff:)?127\.|^::1$/.test(address)
}
