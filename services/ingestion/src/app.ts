import type { Ports, Service } from '@crypto-signals/service'
import { openCoingecko } from './calls/coingecko.ts'
import type { IngestionConfig } from './config.ts'
import { createLeadership } from './leadership.ts'
import { createMarketWatch } from './market-watch.ts'
import { createIngestionMetrics } from './metrics.ts'
import { createQuotesPublisher } from './publishes/quotes.ts'
import { readinessOf } from './readiness.ts'
import { createWatches } from './watches.ts'

export { openSources } from './calls/market-sources.ts'
export { probe } from './calls/probe.ts'
export { coingeckoSettings, INGESTION_ENVIRONMENT, intervalsOf } from './config.ts'

/**
 * Watches the market sources and publishes what they say as quotes. Of all processes that share a cache one does so, the others
 * stand by. `random` scatters times: at least 0, less than 1.
 */
export function buildIngestion(ports: Ports, config: IngestionConfig, random: () => number = Math.random): Service {
  const { cache, clock, log } = ports
  const publish = createQuotesPublisher(ports.bus)
  const watches = createWatches(config.openSources, (settings) =>
    createMarketWatch({ source: openCoingecko(settings, clock), ports, config, publish, metrics, random }),
  )
  const leadership = createLeadership({ cache, clock, log, work: watches })
  const metrics = createIngestionMetrics(ports.metrics, { sources: watches.all, isLeading: leadership.isLeading })
  return {
    name: 'ingestion',
    start: leadership.start,
    stop: leadership.stop,
    readiness: async () => readinessOf(leadership, watches.all()),
  }
}
