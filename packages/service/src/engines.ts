import { openBus } from '@crypto-signals/bus'
import { openCache } from '@crypto-signals/cache'
import { openStore } from '@crypto-signals/store'
import { type Static, Type } from '@sinclair/typebox'
import { onceAvailable } from './once-available.ts'
import type { Surroundings } from './run.ts'
import type { Ports } from './service.ts'

const url = (protocols: string, description: string) =>
  Type.Optional(
    Type.String({
      pattern: `^(${protocols})://[^\\s]+$`,
      maxLength: 2_000,
      description,
      expected: `must be an address without spaces, by ${protocols.replaceAll('|', ' or ').replace('s?', '(s)')}`,
    }),
  )

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
type EnginesConfig = Static<typeof Engines>

/** The world of a process, to be closed when its services have stopped. */
export type OpenPorts = Ports & AsyncDisposable

/**
 * Opens the engines that the configuration names; simulated data have a store, streams and keys of their own. Waits for servers
 * that are not there yet, and says so; rejects when waiting cannot help, or when the process is asked to stop meanwhile.
 */
export async function openPorts(
  config: EnginesConfig,
  surroundings: Surroundings,
  { simulated }: { simulated: boolean },
): Promise<OpenPorts> {
  const { clock, log, metrics, stopping } = surroundings
  await using opened = new AsyncDisposableStack()
  const failed = new AbortController()
  const signal = AbortSignal.any(stopping === undefined ? [failed.signal] : [failed.signal, stopping])
  const open = async <T extends AsyncDisposable>(make: () => Promise<T>): Promise<T> => {
    try {
      return opened.use(await onceAvailable(make, { clock, log, signal }))
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const openings = [
    open(() => openStore(storeOptions(config, surroundings, simulated))),
    open(() => openCache(cacheOptions(config, surroundings, simulated))),
    open(() => openBus(busOptions(config, surroundings, simulated))),
  ] as const
  // All at once, so that each that is missing is named at once; and none is left behind when one can never be opened.
  await Promise.allSettled(openings)
  const [store, cache, bus] = await Promise.all(openings)
  const engines = opened.move()
  return { bus, store, cache, clock, log, metrics, [Symbol.asyncDispose]: () => engines.disposeAsync() }
}

const storeOptions = (config: EnginesConfig, { log }: Surroundings, simulated: boolean) => ({
  url: config.MONGODB_URI,
  dataDir: config.DATA_DIR,
  file: simulated ? 'simulated.sqlite' : 'market.sqlite',
  databaseSuffix: simulated ? '_simulated' : undefined,
  poolSize: config.MONGODB_POOL_SIZE,
  serverSelectionTimeoutMs: config.MONGODB_SERVER_SELECTION_TIMEOUT_MS,
  socketTimeoutMs: config.MONGODB_SOCKET_TIMEOUT_MS,
  log,
})

const cacheOptions = (config: EnginesConfig, { clock, log }: Surroundings, simulated: boolean) => ({
  url: config.REDIS_URL,
  namespace: namespaceOf(simulated),
  clock,
  log,
})

const busOptions = (config: EnginesConfig, { clock, log }: Surroundings, simulated: boolean) => ({
  url: config.NATS_URL,
  monitorUrl: config.NATS_MONITOR_URL,
  namespace: namespaceOf(simulated),
  clock,
  log,
})

const namespaceOf = (simulated: boolean) => (simulated ? 'simulated' : undefined)
