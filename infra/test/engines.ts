import {
  MONGO_SERVER_MISSING,
  NATS_SERVER_MISSING,
  REDIS_SERVER_MISSING,
  startMongoServer,
} from '../../packages/testing/src/index.ts'
import type { Compose } from './compose.ts'
import { startNats } from './nats.ts'
import { startRedis } from './redis.ts'

/** NATS and Redis as the compose file configures them, and a MongoDB, all on loopback. */
export interface Engines extends AsyncDisposable {
  readonly redisPort: number
  /** A container's settings with the engines' addresses in place of their names. */
  onLoopback(settings?: Record<string, string>): Record<string, string>
}

/** The name of what is missing where one of them is not installed. */
export async function startEngines(compose: Compose): Promise<Engines | string> {
  await using started = new AsyncDisposableStack()
  const nats = started.use(await startNats(compose))
  if (nats === null) return NATS_SERVER_MISSING
  const redis = started.use(await startRedis(compose))
  if (redis === null) return REDIS_SERVER_MISSING
  const mongo = started.use(await startMongoServer({ stoppable: true }))
  if (mongo === null) return MONGO_SERVER_MISSING
  const database = mongo.freshDatabase()
  const loopback = (value: string) =>
    value
      .replace('@nats:4222', `@${new URL(nats.url).host}`)
      .replace('http://nats:8222', nats.monitorUrl)
      .replace('@redis:6379', `@127.0.0.1:${redis.port}`)
      // Of what MongoDB can do by the name of its replica set, a stand-in may know nothing.
      .replace(/^mongodb:.*$/, database)
  const all = started.move()
  return {
    redisPort: redis.port,
    onLoopback: (settings = {}) =>
      Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, loopback(value)])),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
