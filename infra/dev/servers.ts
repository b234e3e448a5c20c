import { join } from 'node:path'
import {
  firstFreePort,
  MONGO_SERVER_MISSING,
  NATS_SERVER_MISSING,
  REDIS_SERVER_MISSING,
  startMongoServer,
  startNatsServer,
  startRedisServer,
} from '../../packages/testing/src/index.ts'

/** Real servers on loopback, whose data are kept for the next time. */
export interface DevServers extends AsyncDisposable {
  /** Their addresses, as the services are told of them. */
  readonly urls: Record<string, string>
  /** Resolves with the name of the first that ends by itself. */
  readonly died: Promise<string>
}

/** What is not installed here, and how to get it. */
export class MissingServersError extends Error {}

/** Starts the servers behind these variables, on their usual ports or the next that are free; data go below `dataDir`. */
export async function startDevServers(dataDir: string, variables = SERVER_VARIABLES): Promise<DevServers> {
  const wanted = ENGINES.filter(({ variable }) => variables.includes(variable))
  const started = await Promise.all(wanted.map((engine) => start(engine, dataDir)))
  const running = started.filter((server) => server !== null)
  const stop = async () => void (await Promise.all(running.map(({ server }) => stopped(server))))
  const missing = wanted.filter((_engine, index) => started[index] === null)
  if (missing.length > 0) {
    await stop()
    throw new MissingServersError(missing.map((engine) => engine.missing).join('\n'))
  }
  return {
    urls: Object.fromEntries(running.map(({ engine, server }) => [engine.variable, engine.urlOf(server.url)])),
    died: Promise.race(running.map(({ engine, server }) => server.ended().then(() => engine.name))),
    [Symbol.asyncDispose]: stop,
  }
}

interface Server extends AsyncDisposable {
  readonly url: string
  kill(signal?: 'SIGTERM'): Promise<void>
  ended(): Promise<void>
}

interface Engine {
  name: string
  variable: string
  port: number
  missing: string
  start: (at: { port: number; dir: string }) => Promise<Server | null>
  urlOf: (address: string) => string
}

const ENGINES: Engine[] = [
  {
    name: 'nats',
    variable: 'NATS_URL',
    port: 4222,
    missing: NATS_SERVER_MISSING,
    start: startNatsServer,
    urlOf: (address) => address,
  },
  {
    name: 'mongodb',
    variable: 'MONGODB_URI',
    port: 27_017,
    missing: MONGO_SERVER_MISSING,
    start: (at) => startMongoServer({ ...at, stoppable: true }),
    urlOf: (address) => address.replace('/?', '/crypto_signals?'),
  },
  {
    name: 'redis',
    variable: 'REDIS_URL',
    port: 6379,
    missing: REDIS_SERVER_MISSING,
    start: startRedisServer,
    urlOf: (address) => address,
  },
]

export const SERVER_VARIABLES = ENGINES.map(({ variable }) => variable)

async function start(engine: Engine, dataDir: string) {
  const port = await firstFreePort(engine.port)
  // By port too: two systems side by side must not write into the same files.
  const server = await engine.start({ port, dir: join(dataDir, 'servers', `${engine.name}-${port}`) })
  return server === null ? null : { engine, server }
}

/** Ended in order where it can be, and by force where it does not end. */
async function stopped(server: Server): Promise<void> {
  const patience = new AbortController()
  await Promise.race([server.kill('SIGTERM'), lateAfter(PATIENCE_MS, patience.signal)])
  patience.abort()
  await server[Symbol.asyncDispose]()
}

const PATIENCE_MS = 5_000

const lateAfter = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => clearTimeout(timer))
  })
