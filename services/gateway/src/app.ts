import { EXPORT_HEADERS } from '@crypto-signals/contracts'
import { PAGE_FOLDER } from '@crypto-signals/dashboard'
import {
  createServer,
  isSimulated,
  openPorts,
  type Ports,
  type Process,
  type Server,
  type Surroundings,
} from '@crypto-signals/service'
import cors from '@fastify/cors'
import packageJson from '../package.json' with { type: 'json' }
import { cachedAnswers } from './answers/cached.ts'
import { createRemote, type Remote } from './calls/remote.ts'
import { GatewayConfig, GatewayProcessConfig, listOf } from './config.ts'
import { EXPORT_PATHS, STREAM_PATH, WEB_SOCKET_PATH } from './live-paths.ts'
import { meterStreams, meterUpstreams } from './metrics.ts'
import { documentRoutes } from './serves/docs.ts'
import { forwardingRoutes } from './serves/forward.ts'
import { healthRoute } from './serves/health.ts'
import { limitRequests } from './serves/limits.ts'
import { gatewayOperations } from './serves/operations.ts'
import { type Origins, refuseForeignWrites } from './serves/origins.ts'
import { pageForNothing, pageRoutes } from './serves/page.ts'
import { pipingRoutes } from './serves/pipe.ts'
import { sourceRoutes } from './serves/sources.ts'
import { limitStreams } from './serves/streams.ts'
import type { Services, Upstream } from './upstream.ts'

export { GatewayConfig, GatewayProcessConfig }

export interface GatewayOptions extends Services {
  config: GatewayConfig
  version: string
  simulated: boolean
  /** Where the built web page lies. */
  pageFolder?: string
}

/** The public door: limits, CORS, documents, health and the web page, with the routes of the services behind it. Not listening yet. */
export async function buildGateway(
  ports: Ports,
  { config, upstreams, feeders, version, simulated, pageFolder = PAGE_FOLDER }: GatewayOptions,
): Promise<Server> {
  const { log, metrics, cache } = ports
  const app = createServer({ log, metrics, trustedProxies: listOf(config.TRUST_PROXY) })
  const behind = { upstreams, feeders }
  const origins = originsOf(config)
  await app.register(cors, {
    origin: origins === '*' ? '*' : [...origins],
    exposedHeaders: EXPOSED,
    methods: origins === '*' ? ['GET', 'HEAD'] : ['GET', 'HEAD', 'POST', 'DELETE'],
    strictPreflight: false,
    // So that they come to the limiter, which stands behind CORS for a page to be able to read its 429.
    preflightContinue: true,
    maxAge: 600,
  })
  await limitRequests(app, cache, config.RATE_LIMIT_PER_MINUTE)
  refuseForeignWrites(app, origins)
  const perAddress = config.STREAMS_PER_ADDRESS
  pageForNothing(app, pageFolder)
  limitStreams(app, { perAddress, origins, meter: meterStreams(metrics) })
  await documentRoutes(app, { apiUrl: config.API_URL ?? `http://localhost:${config.PORT}`, version, upstreams })
  gatewayOperations(app, { behind, metrics, metricsPublic: config.METRICS_PUBLIC })
  await app.register(healthRoute(ports, behind, { version, simulated }))
  await app.register(sourceRoutes(ports, simulated))
  for (const { routes } of upstreams) await app.register(routes)
  await app.register(pageRoutes(pageFolder))
  return app
}

/** The public door as a process of its own, in front of services in other processes. */
export async function buildGatewayProcess(config: GatewayProcessConfig, surroundings: Surroundings): Promise<Process> {
  const simulated = isSimulated(config)
  const ports = await openPorts(config, surroundings, { simulated })
  const upstreams = remoteUpstreams(ports, config)
  const { version } = packageJson
  const server = await buildGateway(ports, { config, upstreams, feeders: [], version, simulated })
  return {
    server,
    greeting: (address) => `gateway at ${address} (API page: ${address}/api-docs)`,
    async start() {
      await Promise.all(upstreams.map((upstream) => upstream.start()))
    },
    async stop() {
      for (const upstream of upstreams) upstream.stop()
      await ports[Symbol.asyncDispose]()
    },
  }
}

interface RemoteUpstream extends Upstream, Pick<Remote, 'start' | 'stop'> {}

function remoteUpstreams({ clock, log, metrics, cache }: Ports, config: GatewayProcessConfig): RemoteUpstream[] {
  const meter = meterUpstreams(metrics)
  const remote = (name: string, urls: string, prefixes: string[]) => {
    const addresses = listOf(urls).map((url) => new URL(url))
    const called = (outcome: string) => meter.called(name, outcome)
    const made = createRemote({ name, addresses, prefixes, clock, log, called })
    meter.watch(name, made.count)
    return made
  }
  const queryApi = remote('query-api', config.QUERY_API_URL, [...QUERY_API_PATHS, ...PIPED.endless, ...PIPED.ending])
  const alerting = remote('alerting', config.ALERTING_URL, ALERTING_PATHS)
  const { newestVersion } = queryApi
  const kept = cachedAnswers(queryApi.ask, { newestVersion, cache, clock, count: meter.cached })
  const routes: Upstream['routes'] = async (app) => {
    await app.register(forwardingRoutes(QUERY_API_PATHS, kept))
    await app.register(pipingRoutes({ ...PIPED, clock }, queryApi.open))
  }
  return [
    { ...queryApi, routes },
    { ...alerting, routes: forwardingRoutes(ALERTING_PATHS, alerting.ask) },
  ]
}

const QUERY_API_PATHS = ['/api/signals', '/api/coins', '/api/coverage']
const PIPED = { endless: [STREAM_PATH, WEB_SOCKET_PATH], ending: EXPORT_PATHS }
const ALERTING_PATHS = ['/api/alerts']

const EXPOSED = ['etag', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'].concat(
  Object.values(EXPORT_HEADERS),
)

const originsOf = ({ CORS_ORIGINS }: GatewayConfig): Origins => (CORS_ORIGINS === '*' ? '*' : listOf(CORS_ORIGINS))
