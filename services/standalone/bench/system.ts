import { type MarketReplay, startMarketReplay, tempDir } from '@crypto-signals/testing'
import { type Cluster, type Replicas, startCluster } from '../test/distributed/cluster.ts'
import { addressesOf, startEngines } from '../test/distributed/engines.ts'
import { tapeSettings } from '../test/distributed/play.ts'
import type { Row } from '../test/market-rows.ts'
import { listening, type Product, startProduct } from '../test/product.ts'

/** A running system in one of its two forms, and the market that it watches. */
export interface System extends AsyncDisposable {
  ask: Product['ask']
  url: string
  market: MarketReplay
  /** What its processes wrote so far. */
  told: () => string
}

interface DistributedSystem extends System {
  /** Of each process, by service. */
  addresses: Cluster['addresses']
}

/** One process on embedded engines. */
export async function startEmbedded(rows: Row[], settings: Record<string, string> = {}): Promise<System> {
  const dir = await tempDir()
  const market = await startMarketReplay({ rows })
  const product = await startProduct({ ...tapeSettings(market, 1), LOG_LEVEL: 'warn', DATA_DIR: dir.path, ...settings })
  const end = async () => {
    for (const part of [product, market, dir]) await part[Symbol.asyncDispose]()
  }
  await listening(product).catch(async (error) => {
    await end()
    throw error
  })
  return {
    ask: product.ask,
    url: product.url,
    market,
    told: () => product.lines.join('\n'),
    [Symbol.asyncDispose]: end,
  }
}

/** Processes of their own on NATS, MongoDB and Redis; the word on what is missing where there are none. */
export async function startDistributed(
  rows: Row[],
  replicas: Replicas,
  settings: Record<string, string> = {},
): Promise<DistributedSystem | string> {
  const engines = await startEngines()
  if (typeof engines === 'string') return engines
  const market = await startMarketReplay({ rows })
  const cluster = await startCluster(
    { ...tapeSettings(market, 1), LOG_LEVEL: 'warn', ...addressesOf(engines), ...settings },
    replicas,
  )
  return {
    ask: cluster.ask,
    url: cluster.url,
    addresses: cluster.addresses,
    market,
    told: () => JSON.stringify(cluster.lines(), null, 1),
    async [Symbol.asyncDispose]() {
      for (const part of [cluster, market, engines]) await part[Symbol.asyncDispose]()
    },
  }
}

export const ONE_OF_EACH: Replicas = { 'query-api': 1, alerting: 1, scoring: 1, ingestion: 1, gateway: 1 }
