import { buildAlerting } from '@crypto-signals/alerting'
import { buildGateway } from '@crypto-signals/gateway'
import { buildIngestion, intervalsOf, openSources } from '@crypto-signals/ingestion'
import { buildQueryApi } from '@crypto-signals/query-api'
import { buildScoring } from '@crypto-signals/scoring'
import { onceAvailable, type Ports, type Process, type Service, type Surroundings } from '@crypto-signals/service'
import packageJson from '../package.json' with { type: 'json' }
import type { StandaloneConfig } from './config.ts'
import { openMarket } from './market.ts'

/** All five services in one process on embedded adapters, behind one port. */
export async function buildStandalone(config: StandaloneConfig, surroundings: Surroundings): Promise<Process> {
  const { simulated, ports } = await openMarket(config, surroundings)
  const portsOf = (service: string): Ports => ({ ...ports, log: ports.log.child({ service }) })

  const ingestion = buildIngestion(portsOf('ingestion'), {
    openSources: () => openSources(config, { clock: ports.clock, log: portsOf('ingestion').log, simulated }),
    intervals: intervalsOf(config),
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
  const stopAll = async (some: Service[]) => {
    for (const service of some) await service.stop()
  }
  return {
    server,
    greeting: (address) => `Crypto Signals at ${address} (API page: ${address}/api-docs)`,
    async start() {
      const { clock, log, stopping: signal } = surroundings
      for (const service of services) await onceAvailable(() => service.start(), { clock, log, signal })
    },
    retire: () => stopAll([ingestion, scoring]),
    async stop() {
      await stopAll(services.toReversed())
      await ports[Symbol.asyncDispose]()
    },
  }
}
