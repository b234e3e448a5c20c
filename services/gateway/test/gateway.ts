import { openBus } from '@crypto-signals/bus'
import { openCache } from '@crypto-signals/cache'
import type { SourceStatus } from '@crypto-signals/contracts'
import { createMetrics, failures, loadConfig, type Ports, type Readiness } from '@crypto-signals/service'
import { openStore } from '@crypto-signals/store'
import { captureLog, FakeClock, sourceStatusOf, tempDir } from '@crypto-signals/testing'
import { Type } from '@sinclair/typebox'
import type { Test } from 'tap'
import { buildGateway } from '../src/app.ts'
import { GatewayConfig } from '../src/config.ts'
import type { Feeder, Upstream } from '../src/upstream.ts'

/** What a service says that is well. */
export const READY: Readiness = { ready: true, reasons: [], counts: { coins: 2, signals: 8 }, version: 'v-1' }

const upstreamOf = (readiness: () => Promise<Readiness>): Upstream => ({
  name: 'query-api',
  readiness,
  routes: async (app) => {
    const response = { ...failures(), 200: Type.Object({ success: Type.Literal(true) }) }
    const querystring = Type.Object({ page: Type.Integer({ default: 1 }), q: Type.Optional(Type.String()) })
    app.get('/api/things', { schema: { querystring, response } }, async () => ({ success: true }))
  },
})

interface GatewayTestOptions {
  readiness?: () => Promise<Readiness>
  feeders?: Feeder[]
  pageFolder?: string
}

/** The public door on embedded engines, in front of one service that answers /api/things. */
export async function gateway(
  t: Test,
  env: Partial<GatewayConfig> = {},
  { readiness = async () => READY, feeders = [], pageFolder = '/nowhere' }: GatewayTestOptions = {},
) {
  const dir = await tempDir()
  const clock = new FakeClock()
  const { log } = captureLog()
  const [bus, cache] = await Promise.all([openBus({ clock, log }), openCache({ clock })])
  const store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  const ports: Ports = { bus, cache, store, clock, log, metrics: createMetrics() }
  const config: GatewayConfig = { ...loadConfig(GatewayConfig, {}), ...env }
  const upstreams = [upstreamOf(readiness)]
  const about = { version: '1.2.3', simulated: false, pageFolder }
  const app = await buildGateway(ports, { config, upstreams, feeders, ...about })
  t.teardown(async () => {
    await app.close()
    for (const port of [bus, cache, store, dir]) await port[Symbol.asyncDispose]()
  })
  return { app, store, clock, bus }
}

/** A source that has swept all its coins and is well. */
export const statusOf = (clock: FakeClock, overrides: Partial<SourceStatus> = {}): SourceStatus => {
  const at = new Date(clock.now()).toISOString()
  return sourceStatusOf({
    name: 'coingecko',
    title: 'CoinGecko',
    attribution: { text: 'Data provided by CoinGecko', url: 'https://www.coingecko.com' },
    terms: 'personal use',
    access: 'free-key',
    fields: ['price', 'supply'],
    coins: 2,
    lastSuccessAt: at,
    universe: 2,
    sweep: { startedAt: at, finishedAt: at, chunksDone: 1, chunksTotal: 1, rowsGood: 2, rowsBad: 0 },
    sweptAt: at,
    nextSweepAt: new Date(clock.now() + 60_000).toISOString(),
    updatedAt: at,
    ...overrides,
  })
}
