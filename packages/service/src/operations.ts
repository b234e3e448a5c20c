import cluster from 'node:cluster'
import { type Static, type TObject, Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { failures, httpError } from './errors.ts'
import type { Server } from './server.ts'

export interface OperationOptions<R extends TObject> {
  metrics: Registry
  /** Whether everybody may read the metrics, not only callers on this machine. */
  metricsPublic: boolean
  /** What /readyz answers. */
  schema: R
  readiness: () => Promise<Static<R> & { ready: boolean }>
}

/** `/livez`, `/readyz` and `/metrics`: for the machinery around the process. Not ready as soon as it is asked to stop. */
export function operationRoutes<R extends TObject>(
  app: Server,
  { metrics, metricsPublic, schema, readiness }: OperationOptions<R>,
): void {
  app.get('/livez', { schema: LIVEZ }, async () => ({ live: true as const }))
  app.get('/readyz', { schema: readyz(schema) }, async (_request, reply) => {
    const state = await readiness()
    // Of a cluster's workers the others go on at the same address: no caller is to turn away from it.
    const ready = state.ready && (cluster.isWorker || !app.draining)
    return reply.code(ready ? 200 : 503).send({ ...state, ready })
  })
  app.get('/metrics', { schema: METRICS, config: { cors: false } as object }, async (request, reply) => {
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

const readyz = (schema: TObject) => ({
  tags,
  summary: 'Whether it can serve',
  response: { ...failures(), 200: schema, 503: schema },
})

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
