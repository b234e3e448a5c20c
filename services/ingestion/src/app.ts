import type { Subscription } from '@crypto-signals/bus'
import type { Ports, Service } from '@crypto-signals/service'
import type { IngestionConfig } from './config.ts'
import { consumeInterest } from './consumes/interest.ts'
import { createLeadership } from './leadership.ts'
import { createMarketWatch } from './market-watch.ts'
import { createIngestionMetrics } from './metrics.ts'
import { createQuotesPublisher } from './publishes/quotes.ts'
import { readinessOf } from './readiness.ts'
import { createTerms } from './terms.ts'

export { openSources } from './calls/market-sources.ts'
export { probe } from './calls/probe.ts'
export { INGESTION_ENVIRONMENT, intervalsOf } from './config.ts'

/**
 * Watches the market through its sources and publishes what they say as quotes. Of all processes that share a cache one does so, the
 * others stand by. `random` scatters times: at least 0, less than 1.
 */
export function buildIngestion(ports: Ports, config: IngestionConfig, random: () => number = Math.random): Service {
  const { cache, clock, log, bus } = ports
  const { intervals = {} } = config
  const publish = createQuotesPublisher(bus)
  const terms = createTerms(config.openSources, (sources) =>
    createMarketWatch({ sources, ports, intervals, publish, metrics, random }),
  )
  const leadership = createLeadership({ cache, clock, log, work: terms })
  const metrics = createIngestionMetrics(ports.metrics, { watch: terms.current, isLeading: leadership.isLeading })
  let interest: Subscription | null = null
  return {
    name: 'ingestion',
    async start() {
      interest ??= await consumeInterest(bus, (coinIds) => terms.current()?.look(coinIds))
      await leadership.start()
    },
    async stop() {
      await leadership.stop()
      await interest?.stop()
    },
    readiness: async () => readinessOf(leadership, terms.current()),
  }
}
