import { buildAlerting } from '@crypto-signals/alerting'
import { buildGateway } from '@crypto-signals/gateway'
import { buildIngestion } from '@crypto-signals/ingestion'
import { buildQueryApi } from '@crypto-signals/query-api'
import { buildScoring } from '@crypto-signals/scoring'
import { openBusFor, openCacheFor, type Ports, type Process, type Surroundings } from '@crypto-signals/service'
import packageJson from '../package.json' with { type: 'json' }
import type { StandaloneConfig } from './config.ts'
import { openMarket } from './market.ts'

/** All five services in one process on embedded adapters, behind one port. */
export async function buildStandalone(config: StandaloneConfig, surroundings: Surroundings): Promise<Process> {
  const { clock, log, metrics } = surroundings
  const market = await openMarket(config, surroundings)
  const { simulated, sources, store } = market
  const bus = await openBusFor(config, surroundings)
  const cache = await openCacheFor(config, surroundings)
  const portsOf = (service: string): Ports => ({ bus, store, cache, clock, metrics, log: log.child({ service }) })

  const ingestion = buildIngestion(portsOf('ingestion'), {
    sources,
    sweepIntervalSeconds: config.SWEEP_INTERVAL_SECONDS,
    topIntervalSeconds: config.TOP_INTERVAL_SECONDS,
  })
  const scoring = buildScoring(portsOf('scoring'))
  const queryApi = buildQueryApi(portsOf('query-api'), { simulated })
  const alerting = buildAlerting(portsOf('alerting'), { simulated, maxAlerts: config.MAX_ALERTS })
  const server = await buildGateway(portsOf('gateway'), {
    config,
    upstreams: [queryApi, alerting],
    feeders: [ingestion, scoring],
    version: packageJson.version,
    simulated,
  })

  // Against the flow: whoever consumes is there before anything is published, and still there when the last is.
  const services = [queryApi, alerting, scoring, ingestion]
  return {
    server,
    greeting: (address) => `Crypto Signals at ${address} (API page: ${address}/api-docs)`,
    async start() {
      for (const service of services) await service.start()
    },
    async stop() {
      for (const service of services.toReversed()) await service.stop()
      for (const port of [bus, cache, market]) await port[Symbol.asyncDispose]()
    },
  }
}
