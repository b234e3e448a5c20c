import { type Bus, openBus } from '@crypto-signals/bus'
import { type Cache, openCache } from '@crypto-signals/cache'
import { openStore, type Store } from '@crypto-signals/store'
import { type Static, Type } from '@sinclair/typebox'
import type { Surroundings } from './run.ts'

const url = (protocols: string, description: string) =>
  Type.Optional(Type.String({ pattern: `^(${protocols})://[^\\s]+$`, maxLength: 2_000, description }))

/** Which engines a process runs on: an unset address means the embedded one. */
export const ENGINES_ENVIRONMENT = {
  DATA_DIR: Type.String({ minLength: 1, default: '.data', description: 'Where the embedded store keeps its file' }),
  NATS_URL: url('nats|tls', 'Event bus; unset: in the process'),
  NATS_MONITOR_URL: url('https?', "NATS' monitoring address: tells how durable events are"),
  MONGODB_URI: url('mongodb|mongodb\\+srv', 'System of record; unset: a file in DATA_DIR'),
  MONGODB_POOL_SIZE: Type.Integer({ minimum: 1, maximum: 1_000, default: 10 }),
  MONGODB_SERVER_SELECTION_TIMEOUT_MS: Type.Integer({ minimum: 100, maximum: 600_000, default: 5_000 }),
  MONGODB_SOCKET_TIMEOUT_MS: Type.Integer({ minimum: 1_000, maximum: 3_600_000, default: 45_000 }),
  REDIS_URL: url('rediss?', 'Shared cache and counts; unset: in the process'),
}
const Engines = Type.Object(ENGINES_ENVIRONMENT)
export type EnginesConfig = Static<typeof Engines>

/** The store that the configuration names; simulated data have one of their own. */
export function openStoreFor(config: EnginesConfig, { log }: Surroundings, simulated: boolean): Promise<Store> {
  return openStore({
    url: config.MONGODB_URI,
    dataDir: config.DATA_DIR,
    file: simulated ? 'simulated.sqlite' : 'market.sqlite',
    databaseSuffix: simulated ? '_simulated' : undefined,
    poolSize: config.MONGODB_POOL_SIZE,
    serverSelectionTimeoutMs: config.MONGODB_SERVER_SELECTION_TIMEOUT_MS,
    socketTimeoutMs: config.MONGODB_SOCKET_TIMEOUT_MS,
    log,
  })
}

export const openBusFor = (config: EnginesConfig, { clock, log }: Surroundings): Promise<Bus> =>
  openBus({ url: config.NATS_URL, monitorUrl: config.NATS_MONITOR_URL, clock, log })

export const openCacheFor = (config: EnginesConfig, { clock, log }: Surroundings): Promise<Cache> =>
  openCache({ url: config.REDIS_URL, clock, log })
