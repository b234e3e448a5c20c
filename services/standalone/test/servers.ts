import {
  MONGO_SERVER_MISSING,
  NATS_SERVER_MISSING,
  REDIS_SERVER_MISSING,
  startMongoServer,
  startNatsServer,
  startRedisServer,
} from '@crypto-signals/testing'

/** NATS, MongoDB and Redis as the product is told of them; or which of them is missing. Whoever was started is stopped again. */
export interface Servers extends AsyncDisposable {
  env: Record<string, string>
  missing: string | null
}

export async function startServers(): Promise<Servers> {
  const [nats, mongo, redis] = await Promise.all([startNatsServer(), startMongoServer(), startRedisServer()])
  const started = [nats, mongo, redis].filter((server) => server !== null)
  const missing = [
    nats === null ? NATS_SERVER_MISSING : null,
    mongo === null ? MONGO_SERVER_MISSING : null,
    redis === null ? REDIS_SERVER_MISSING : null,
  ].find((message) => message !== null)
  const env = { NATS_URL: nats?.url ?? '', MONGODB_URI: mongo?.freshDatabase() ?? '', REDIS_URL: redis?.url ?? '' }
  return {
    env,
    missing: missing ?? null,
    async [Symbol.asyncDispose]() {
      for (const server of started) await server[Symbol.asyncDispose]()
    },
  }
}
