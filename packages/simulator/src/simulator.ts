import type { Clock } from '@crypto-signals/clock'
import fastify from 'fastify'
import { marketOf } from './market/market.ts'
import { routesOf } from './routes.ts'

/** A running server that speaks CoinGecko's contract over an invented market. */
export interface Simulator extends AsyncDisposable {
  /** Takes the place of `https://api.coingecko.com/api/v3`; the prefix `/api/v3` is served too. */
  readonly url: string
}

/** Resolves when the simulated market can be asked. Its prices follow from the seed and the clock alone. */
export const startSimulator = async ({
  clock,
  port = 0,
  host = '127.0.0.1',
  coins = 17_200,
  seed = 1,
}: {
  clock: Clock
  port?: number
  host?: string
  coins?: number
  seed?: number
}): Promise<Simulator> => {
  const app = fastify({ forceCloseConnections: true })
  // On the bare server: also what the framework answers by itself must not be taken for a real market.
  app.server.prependListener('request', (_, response) => response.setHeader('x-simulated', 'true'))
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'Not Found' }))
  const routes = routesOf(marketOf(seed, coins), clock)
  await app.register(routes)
  await app.register(routes, { prefix: '/api/v3' })
  const url = await app.listen({ port, host })
  return { url, [Symbol.asyncDispose]: () => app.close() }
}
