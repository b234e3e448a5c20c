import type { Ports, Readiness, Service } from '@crypto-signals/service'
import { openCoingecko } from './calls/coingecko.ts'
import type { IngestionConfig } from './config.ts'
import { createMarketWatch } from './market-watch.ts'
import { createIngestionMetrics } from './metrics.ts'
import { createQuotesPublisher } from './publishes/quotes.ts'

export { probe } from './calls/probe.ts'
export {
  coingeckoSettings,
  INGESTION_ENVIRONMENT,
  type IngestionConfig,
  type IngestionEnvironment,
  type SourceSettings,
  simulatorSettings,
} from './config.ts'

/** Watches the market sources and publishes what they say as quotes. `random` scatters times: at least 0, less than 1. */
export function buildIngestion(ports: Ports, config: IngestionConfig, random: () => number = Math.random): Service {
  const metrics = createIngestionMetrics(ports.metrics, () => watches)
  const publish = createQuotesPublisher(ports.bus)
  const watches = config.sources.map((settings) =>
    createMarketWatch({ source: openCoingecko(settings, ports.clock), ports, config, publish, metrics, random }),
  )

  const readiness = async (): Promise<Readiness> => {
    const states = watches.map((watch) => ({ name: watch.name, ...watch.state() }))
    const ready = states.some((state) => state.ready)
    const troubles = states.flatMap(({ name, trouble }) => (trouble === null ? [] : [`${name}: ${trouble}`]))
    return {
      ready,
      reasons: ready ? troubles : ['no quotes yet', ...troubles],
      counts: {
        universe: Math.max(0, ...states.map((state) => state.universe)),
        quotes: Math.max(0, ...states.map((state) => state.quotes)),
      },
    }
  }

  return {
    name: 'ingestion',
    start: async () => void (await Promise.all(watches.map((watch) => watch.start()))),
    stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))),
    readiness,
  }
}
