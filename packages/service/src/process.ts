import type { Clock } from '@crypto-signals/clock'
import packageJson from '../package.json' with { type: 'json' }
import { type Engine, watchEngines } from './engine-watch.ts'
import { openPorts } from './engines.ts'
import { isSimulated, type ProcessConfig } from './environment.ts'
import { onceAvailable } from './once-available.ts'
import { describeRoutes } from './openapi.ts'
import { operationRoutes } from './operations.ts'
import type { Process, Surroundings } from './run.ts'
import { createServer, type Server } from './server.ts'
import { type HttpService, type Ports, Readiness, type Service } from './service.ts'
import { within } from './within.ts'

export interface ServiceProcessOptions {
  /** The engines without which the service cannot do its work. */
  needs: readonly Exclude<Engine, 'cache'>[]
  build: (ports: Ports, about: { simulated: boolean }) => Service | HttpService
}

/** A process of one service: the service on the engines that the configuration names, behind a port of its own. */
export async function serviceProcess(
  config: ProcessConfig,
  surroundings: Surroundings,
  { needs, build }: ServiceProcessOptions,
): Promise<Process> {
  const { clock, log, metrics, stopping } = surroundings
  const simulated = isSimulated(config)
  const ports = await openPorts(config, surroundings, { simulated })
  tellOfEmbedded(ports)
  const service = build(ports, { simulated })
  const engines = watchEngines(ports)
  const server = createServer({ log, metrics })
  operationRoutes(server, {
    metrics,
    metricsPublic: config.METRICS_PUBLIC,
    schema: Readiness,
    readiness: () => readinessOf({ service, clock }, engines.away(), needs),
  })
  if ('routes' in service) await serveDescribed(server, service)
  return {
    server,
    greeting: (address) => `${service.name} at ${address}`,
    start: () => onceAvailable(() => service.start(), { clock, log, signal: stopping }),
    ...('routes' in service ? {} : { retire: () => service.stop() }),
    async stop() {
      engines.stop()
      await service.stop()
      await ports[Symbol.asyncDispose]()
    },
  }
}

/** Alone on engines of its own, a service hears of no other: fine for a look at it, and hardly what an operator wants. */
function tellOfEmbedded({ bus, store, cache, log }: Ports): void {
  const unset = [
    bus.adapter === 'in-process' ? 'NATS_URL' : [],
    store.adapter === 'sqlite' ? 'MONGODB_URI' : [],
    cache.adapter === 'in-process' ? 'REDIS_URL' : [],
  ].flat()
  if (unset.length > 0) log.warn({ unset }, 'on embedded engines: this process shares nothing with other processes')
}

async function readinessOf(
  { service, clock }: { service: Service; clock: Clock },
  away: readonly Engine[],
  needs: readonly Engine[],
): Promise<Readiness> {
  const silent = { ready: false, reasons: [`${service.name} does not answer`], counts: {} }
  const own = await within(clock, ANSWER_WITHIN_MS, service.readiness(), silent)
  return {
    ...own,
    ready: own.ready && !needs.some((engine) => away.includes(engine)),
    reasons: [...own.reasons, ...away.map((engine) => `the ${engine} does not answer`)],
  }
}

const ANSWER_WITHIN_MS = 2_000

/** The service's routes with their OpenAPI document, for whoever serves them on: the routes of the process itself are not in it. */
async function serveDescribed(server: Server, { name, routes }: HttpService): Promise<void> {
  await server.register(async (app) => {
    await describeRoutes(app, { info: { title: `Crypto Signals: ${name}`, version: packageJson.version } })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    await app.register(routes)
  })
}
