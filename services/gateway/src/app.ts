import { createServer, type Ports, type Server } from '@crypto-signals/service'
import cors from '@fastify/cors'
import { GatewayConfig, listOf } from './config.ts'
import { documentRoutes } from './serves/docs.ts'
import { healthRoute } from './serves/health.ts'
import { limitRequests } from './serves/limits.ts'
import { operationRoutes } from './serves/operations.ts'
import type { Services } from './upstream.ts'

export { GatewayConfig }

export interface GatewayOptions extends Services {
  config: GatewayConfig
  version: string
  simulated: boolean
}

/** The public door: limits, CORS, documents and health, with the routes of the services behind it. Not listening yet. */
export async function buildGateway(
  ports: Ports,
  { config, upstreams, feeders, version, simulated }: GatewayOptions,
): Promise<Server> {
  const { log, metrics, cache } = ports
  const app = createServer({ log, metrics, trustedProxies: listOf(config.TRUST_PROXY) })
  const behind = { upstreams, feeders }
  await app.register(cors, {
    origin: originsOf(config),
    exposedHeaders: EXPOSED,
    methods: METHODS,
    strictPreflight: false,
    // So that they come to the limiter, which stands behind CORS for a page to be able to read its 429.
    preflightContinue: true,
    maxAge: 600,
  })
  await limitRequests(app, cache, config.RATE_LIMIT_PER_MINUTE)
  await documentRoutes(app, config.API_URL ?? `http://localhost:${config.PORT}`, version)
  await operationRoutes(app, { behind, metrics, metricsPublic: config.METRICS_PUBLIC })
  await app.register(healthRoute(ports, behind, { version, simulated }))
  for (const { routes } of upstreams) await app.register(routes)
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/api-docs'))
  return app
}

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE']

const EXPOSED = ['etag', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id']

const originsOf = ({ CORS_ORIGINS }: GatewayConfig) => (CORS_ORIGINS === '*' ? '*' : listOf(CORS_ORIGINS))
