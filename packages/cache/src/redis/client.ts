import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import { addressOf } from './address.ts'
import { SCRIPTS, type Scripts } from './scripts.ts'

export type Client = Redis & Scripts

interface ClientOptions {
  /** How long an answer is waited for. */
  timeoutMs: number
  log: Logger | undefined
}

/** A client, not yet connected, that never makes anybody wait for a Redis that is away. */
export function createClient(url: string, { timeoutMs, log }: ClientOptions): Client {
  const address = addressOf(url)
  const client = new Redis({ ...optionsOf(timeoutMs), ...address })
  client.on('ready', () => log?.info({ host: address.host, port: address.port }, 'connected to Redis'))
  return client as Client
}

const optionsOf = (timeoutMs: number): Omit<RedisOptions, 'replyMapping'> => ({
  lazyConnect: true,
  scripts: SCRIPTS,
  connectionName: 'crypto-signals',
  connectTimeout: 200,
  commandTimeout: timeoutMs,
  disconnectTimeout: 200,
  // A network that swallows everything is noticed by TCP after a quarter of an hour only.
  socketTimeout: 10 * timeoutMs,
  enableOfflineQueue: false,
  // What was sent before a loss would be sent again after it, when nobody wants it any more: counts would count twice.
  maxRetriesPerRequest: 0,
  retryStrategy: (attempts) => Math.min(50 * 2 ** attempts, MAX_RECONNECT_WAIT_MS) * (0.5 + Math.random() / 2),
  // After a failover, what we are connected to may be the primary no more.
  reconnectOnError: ({ message }) => message.startsWith('READONLY'),
})

const MAX_RECONNECT_WAIT_MS = 1_000
