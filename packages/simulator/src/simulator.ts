import type { Clock } from '@crypto-signals/clock'
import fastify from 'fastify'
import type { Fault } from './faults/fault.ts'
import { createLimiter, type LimitUsage } from './limits/limiter.ts'
import { PLANS } from './limits/plan.ts'
import { marketOf } from './market/market.ts'
import { createDoor } from './serves/door.ts'
import { routesOf } from './serves/routes.ts'
import { serveStream } from './serves/stream.ts'
import { SOURCES } from './sources/catalog.ts'
import { viewOf } from './world/view.ts'
import { worldOf } from './world/world.ts'

/** A running server that speaks for every market source, each as its real one does, over one invented market. */
export interface Simulator extends AsyncDisposable {
  /** `<url>/<source>` takes the place of that source's base URL; at the root, with and without `/api/v3`, CoinGecko is served too. */
  readonly url: string
  /** Takes the place of the base URL of the WebSocket streams: `<streamUrl>/binance`. */
  readonly streamUrl: string
  /** What each source that was asked has counted. */
  usage(): Readonly<Record<string, LimitUsage>>
  /** How many requests each source refused for its limits. */
  violations(): Readonly<Record<string, number>>
  /** The price of a coin in dollars, as it is at a time: what every source tells of. Null without one. */
  truePrice(coinId: string, ms: number): number | null
  /** What a source's own keys mean: a coin's id, or null for what is no coin. Empty where keys are CoinGecko's, contracts, or none. */
  meanings(source: string): ReadonlyMap<string, string | null>
}

export interface SimulatorOptions {
  clock: Clock
  port?: number
  host?: string
  coins?: number
  seed?: number
  /** `free-plans` enforces what each source documents of its free plan; `generous` refuses nobody. */
  limits?: 'generous' | 'free-plans'
  faults?: readonly Fault[]
}

/** Resolves when the simulated market can be asked. Its prices follow from the seed and the clock alone. */
export const startSimulator = async ({
  clock,
  port = 0,
  host = '127.0.0.1',
  coins = 17_200,
  seed = 1,
  limits = 'generous',
  faults = [],
}: SimulatorOptions): Promise<Simulator> => {
  const market = marketOf(seed, coins)
  const world = worldOf(market, clock, seed)
  const limiters = new Map(SOURCES.map(({ name }) => [name, createLimiter(PLANS[name])]))
  const app = fastify({
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_000 },
  })
  // On the bare server: also what the framework answers by itself must not be taken for a real market.
  app.server.prependListener('request', (_, response) => response.setHeader('x-simulated', 'true'))
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'Not Found' }))
  for (const source of SOURCES) {
    const view = viewOf(world, faults, source)
    const limiter = limits === 'free-plans' ? limiters.get(source.name) : undefined
    const door = createDoor({ source, clock, limiter, faults: view.faults })
    const routes = routesOf(source, view, door)
    await app.register(routes, { prefix: `/${source.name}` })
    if (source.name !== 'coingecko') continue
    await app.register(routes)
    await app.register(routes, { prefix: '/api/v3' })
  }
  const stream = serveStream(app.server, { clock, world, faults })
  app.addHook('onClose', () => stream.close())
  const url = await app.listen({ port, host })
  return {
    url,
    streamUrl: url.replace(/^http/, 'ws'),
    usage: () => Object.fromEntries([...limiters].map(([name, limiter]) => [name, limiter.usage()])),
    violations: () => Object.fromEntries([...limiters].map(([name, limiter]) => [name, brokenIn(limiter.usage())])),
    truePrice: (coinId, ms) => {
      const coin = market.coins[market.indexOf(coinId) ?? -1]
      // The last price of a dead coin stands.
      return coin === undefined ? null : market.priceAt(coin, coin.state === 'dead' ? clock.now() : ms, clock.now())
    },
    meanings: (name) => {
      const keys = SOURCES.find((source) => source.name === name)?.keysOf?.(world) ?? []
      return new Map([...keys].map(([key, index]) => [key, index === null ? null : world.coinAt(index).id]))
    },
    [Symbol.asyncDispose]: () => app.close(),
  }
}

const brokenIn = ({ violations }: LimitUsage) => Object.values(violations).reduce((sum, count) => sum + count, 0)
