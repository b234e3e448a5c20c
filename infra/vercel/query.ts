import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, systemClock } from '../../packages/clock/src/index.ts'
import {
  ConfigError,
  createLog,
  createMetrics,
  createServer,
  HTTP_ERRORS,
  isSimulated,
  loadConfig,
  openPorts,
  type ProcessConfig,
  type Server,
  type Surroundings,
} from '../../packages/service/src/index.ts'
import { buildQueryApi, type QueryApi } from '../../services/query-api/src/app.ts'
import { QueryApiConfig } from '../../services/query-api/src/config.ts'

/** The routes of query-api, called per request. */
export interface QueryFunction extends AsyncDisposable {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/**
 * Reads the market from the store at the first request, and again when what it holds is older than REHYDRATE_SECONDS. Throws a
 * `ConfigError` when the environment is not valid.
 */
export function createQueryFunction(env: NodeJS.ProcessEnv, clock: Clock = systemClock): QueryFunction {
  const config = configOf(env)
  const rehydrateMs = rehydrateSecondsOf(env) * 1_000
  const { log } = createLog({ name: 'query-api', level: config.LOG_LEVEL })
  let opened: Promise<Api> | undefined
  let hydration: Promise<void> | undefined
  let dueAt = -Infinity

  function open(): Promise<Api> {
    opened ??= openApi(config, { clock, log, metrics: createMetrics() }).catch((error) => {
      opened = undefined
      throw error
    })
    return opened
  }

  // Many requests may wait for the same reading; where it fails, what is held stands for the moment.
  async function hydrate({ api }: Api) {
    try {
      await api.start()
      dueAt = clock.now() + rehydrateMs
    } catch (err) {
      log.error({ err }, 'the market could not be read')
      dueAt = clock.now() + AGAIN_AFTER_MS
    }
    hydration = undefined
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    try {
      const api = await open()
      if (clock.now() >= dueAt) {
        hydration ??= hydrate(api)
        await hydration
      }
      api.server.routing(request, response)
    } catch (err) {
      log.error({ err }, 'the store could not be opened')
      response.writeHead(503, { 'content-type': 'application/json; charset=utf-8' }).end(UNAVAILABLE)
    }
  }

  return {
    handle,
    async [Symbol.asyncDispose]() {
      await (await opened?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
}

interface Api extends AsyncDisposable {
  api: QueryApi
  server: Server
}

async function openApi(config: ProcessConfig, surroundings: Surroundings): Promise<Api> {
  const simulated = isSimulated(config)
  const stopping = AbortSignal.timeout(OPEN_WITHIN_MS)
  const ports = await openPorts(config, { ...surroundings, stopping }, { simulated })
  const api = buildQueryApi(ports, { simulated })
  const server = createServer(surroundings)
  await server.register(api.routes)
  await server.ready()
  return {
    api,
    server,
    async [Symbol.asyncDispose]() {
      await server.close()
      await api.stop()
      await ports[Symbol.asyncDispose]()
    },
  }
}

// Well below what a caller, and the platform, wait for.
const OPEN_WITHIN_MS = 5_000

// After a reading that failed.
const AGAIN_AFTER_MS = 5_000

const UNAVAILABLE = JSON.stringify({
  success: false,
  error: HTTP_ERRORS.HTTP_UNAVAILABLE.error,
  code: 'HTTP_UNAVAILABLE',
})

/** The store is the one thing that a function shares with the system: it can neither keep a file nor stay on a bus. */
function configOf({ NATS_URL: _bus, REDIS_URL: _cache, ...env }: NodeJS.ProcessEnv) {
  const config = loadConfig(QueryApiConfig, env)
  if (config.MONGODB_URI === undefined) throw new ConfigError(['MONGODB_URI: is not set, and there is no file instead'])
  return config
}

function rehydrateSecondsOf({ REHYDRATE_SECONDS: text = '60' }: NodeJS.ProcessEnv): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new ConfigError(['REHYDRATE_SECONDS: is not a number of seconds from 1 to 99999'])
  return Number(text)
}
