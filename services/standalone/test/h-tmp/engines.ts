import {
  MONGO_SERVER_MISSING,
  NATS_SERVER_MISSING,
  REDIS_SERVER_MISSING,
  startMongoServer,
  startNatsServer,
  startRedisServer,
} from '@crypto-signals/testing'
import type { Engines } from './faults.ts'

/** Servers of one's own, which may be killed if they are `stoppable`; or which of them is missing. */
export async function startEngines({ stoppable = true } = {}): Promise<(Engines & AsyncDisposable) | string> {
  const [nats, mongo, redis] = await Promise.all([
    startNatsServer(),
    startMongoServer({ stoppable }),
    startRedisServer(),
  ])
  const stop = async () => {
    for (const server of [nats, mongo, redis]) await server?.[Symbol.asyncDispose]()
  }
  if (nats !== null && mongo !== null && redis !== null) return { nats, mongo, redis, [Symbol.asyncDispose]: stop }
  await stop()
  return nats === null ? NATS_SERVER_MISSING : mongo === null ? MONGO_SERVER_MISSING : REDIS_SERVER_MISSING
}

/** Their addresses as a process is told of them, with a database of its own. */
export const addressesOf = ({ nats, mongo, redis }: Engines) => ({
  NATS_URL: nats.url,
  MONGODB_URI: mongo.freshDatabase(),
  REDIS_URL: redis.url,
})
