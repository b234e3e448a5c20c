import { buildIngestion } from '@crypto-signals/ingestion'
import { buildQueryApi } from '@crypto-signals/query-api'
import { buildScoring } from '@crypto-signals/scoring'
import { createServer, type Ports } from '@crypto-signals/service'
import { until } from '@crypto-signals/testing'
import { openEngines } from './engines.ts'
import type { StreamedMarket } from './streamed-market.ts'

/** The flow from sources to answers, in this process. */
export interface StreamSystem extends AsyncDisposable {
  /** Rows of quotes and coins scored that went over the bus. */
  readonly counts: { published: number; scored: number }
  /** Rows of streams that ingestion read. */
  takenIn(): Promise<number>
  /** Stops the sources, after which what they said still arrives. */
  stopSources(): Promise<void>
  /** The price of which a coin's signals tell. */
  priceOf: (coinId: string) => Promise<unknown>
}

/** Ingestion, scoring and query-api on embedded engines, watching `market`, once all of its `coins` are scored. */
export async function startStreamSystem(market: StreamedMarket, coins: number): Promise<StreamSystem> {
  await using opened = new AsyncDisposableStack()
  const ports = await openEngines(opened, { simulated: false })
  const counts = await countEvents(ports)
  const queryApi = buildQueryApi(ports, { simulated: false })
  const openSources = async () => ({ sources: market.sources, [Symbol.asyncDispose]: async () => undefined })
  const ingestion = buildIngestion(ports, { openSources })
  for (const service of [queryApi, buildScoring(ports), ingestion]) {
    await service.start()
    opened.defer(() => service.stop())
  }
  const app = createServer({ log: ports.log, metrics: ports.metrics })
  await app.register(queryApi.routes)
  await until(() => counts.scored >= coins && market.arePairsKnown(), { timeoutMs: 300_000 })
  const rest = opened.move()
  return {
    counts,
    takenIn: () => rowsOfStreams(ports),
    stopSources: () => ingestion.stop(),
    priceOf: async (coinId) => (await app.inject(`/api/signals/coin/${coinId}`)).json().data?.price,
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  }
}

async function countEvents({ bus }: Ports): Promise<StreamSystem['counts']> {
  const counts = { published: 0, scored: 0 }
  await bus.consume('quotes', { group: 'bench', delivery: 'each' }, async ({ rows }) => {
    counts.published += rows.length
  })
  await bus.consume('signals', { group: 'bench', delivery: 'each' }, async ({ rows }) => {
    counts.scored += rows.length
  })
  return counts
}

async function rowsOfStreams({ metrics }: Ports): Promise<number> {
  const rows = await metrics.getSingleMetric('ingestion_rows_total')?.get()
  const isStreamed = ({ labels }: { labels: Partial<Record<string, string | number>> }) =>
    labels.source !== 'coingecko' && labels.result === 'good'
  return (rows?.values ?? []).filter(isStreamed).reduce((sum, { value }) => sum + value, 0)
}
