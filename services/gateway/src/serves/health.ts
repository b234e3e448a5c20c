import type { Clock } from '@crypto-signals/clock'
import { Health, NoQuery } from '@crypto-signals/contracts'
import { failures, type Ports, within } from '@crypto-signals/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { judge } from '../health.ts'
import { countsOf, type States, statesOf } from '../readiness.ts'
import type { Services } from '../upstream.ts'

type HealthPorts = Pick<Ports, 'bus' | 'store' | 'cache' | 'clock'>

/** `GET /api/health`: how the whole system is; 503 unless all is well. */
export function healthRoute(ports: HealthPorts, behind: Services, about: { version: string; simulated: boolean }) {
  const plugin: FastifyPluginAsyncTypebox = async (app) => {
    const schema = {
      tags: ['operations'],
      summary: 'How the system is',
      description: '503 unless the status is OK; `reasons` tells why it is not.',
      querystring: NoQuery,
      response: { ...failures(), 200: Health, 503: Health },
    }
    app.get('/api/health', { schema }, async (_request, reply) => {
      const health = await healthOf(ports, behind, about)
      return reply
        .code(health.success ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(health)
    })
  }
  return plugin
}

async function healthOf(ports: HealthPorts, behind: Services, about: { version: string; simulated: boolean }) {
  const { bus, store, cache, clock } = ports
  const [database, redis, busState, sources, services] = await Promise.all([
    pinged(store, clock),
    pinged(cache, clock),
    pinged(bus, clock),
    within(clock, PING_TIMEOUT_MS, store.sources.statuses(), null),
    statesOf(behind),
  ])
  const now = clock.now()
  const verdict = judge({ now, backing: { database, redis, bus: busState }, services, sources })
  const memory = process.memoryUsage()
  const health: Health = {
    success: verdict.status === 'OK',
    ...verdict,
    timestamp: new Date(now).toISOString(),
    uptime: Math.round(process.uptime() * 10) / 10,
    version: about.version,
    memory: { rssBytes: memory.rss, heapUsedBytes: memory.heapUsed, heapTotalBytes: memory.heapTotal },
    database,
    redis,
    bus: busState,
    sources: sources ?? [],
    metrics: metricsOf(services),
    meta: { source: about.simulated ? 'simulated' : 'live' },
  }
  return health
}

const PING_TIMEOUT_MS = 2_000

async function pinged(port: { adapter: string; ping: () => Promise<void> }, clock: Clock): Promise<Health['database']> {
  const start = performance.now()
  const isThere = await within(clock, PING_TIMEOUT_MS, answered(port.ping()), false)
  if (!isThere) return { status: 'ERROR', adapter: port.adapter, latencyMs: null }
  return { status: 'OK', adapter: port.adapter, latencyMs: Math.round((performance.now() - start) * 100) / 100 }
}

const answered = (ping: Promise<void>) => ping.then(() => true)

function metricsOf(services: States): Health['metrics'] {
  const { coins = 0, signals = 0, alerts = 0 } = countsOf(services)
  const version = Object.values(services.upstreams).find((service) => service.version !== undefined)?.version ?? ''
  return { coins, signals, alerts, dataVersion: version }
}
