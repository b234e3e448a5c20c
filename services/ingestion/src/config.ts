import { processEnvironment } from '@crypto-signals/service'
import { type Static, Type } from '@sinclair/typebox'

const limit = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000, description }))
const seconds = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 2_592_000, description }))

/** The environment variables that ingestion understands; all have a default. */
export const INGESTION_ENVIRONMENT = {
  COINGECKO_URL: Type.String({
    default: 'https://api.coingecko.com/api/v3',
    pattern: '^https?://[^\\s@?#]+$',
    description: "Base URL of CoinGecko's API",
  }),
  COINGECKO_API_KEY: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$', description: 'Demo key' })),
  COINGECKO_PER_MINUTE: limit('Calls a minute'),
  COINGECKO_PER_MONTH: limit('Calls a calendar month'),
  SWEEP_INTERVAL_SECONDS: seconds('Time between two sweeps of all coins, in place of what the budget allows'),
  TOP_INTERVAL_SECONDS: seconds('Time between two looks at the largest coins, in place of what the budget allows'),
}

const Environment = Type.Object(INGESTION_ENVIRONMENT)
export type IngestionEnvironment = Static<typeof Environment>

/** What a process of this service alone reads from the environment. */
export const IngestionProcessConfig = Type.Object({ ...processEnvironment(3004), ...INGESTION_ENVIRONMENT })

/** One market source to watch. */
export interface SourceSettings {
  name: 'coingecko' | 'simulated'
  url: string
  apiKey: string | null
  perMinute: number
  perMonth: number | null
  simulated: boolean
}

/** Market sources for as long as they are open. */
export interface MarketSources extends AsyncDisposable {
  readonly settings: readonly SourceSettings[]
}

export interface IngestionConfig {
  /** Opens the sources to watch, whenever this process begins to lead. */
  openSources: () => Promise<MarketSources>
  /** Replace the plan's intervals. */
  sweepIntervalSeconds?: number | undefined
  topIntervalSeconds?: number | undefined
}

/** The intervals that the environment sets in place of the plan's. */
export const intervalsOf = (env: IngestionEnvironment) => ({
  sweepIntervalSeconds: env.SWEEP_INTERVAL_SECONDS,
  topIntervalSeconds: env.TOP_INTERVAL_SECONDS,
})

/** CoinGecko as the environment describes it. */
export function coingeckoSettings(env: IngestionEnvironment): SourceSettings {
  const apiKey = env.COINGECKO_API_KEY ?? null
  const limits = defaultLimits(env.COINGECKO_URL, apiKey)
  return {
    name: 'coingecko',
    url: env.COINGECKO_URL,
    apiKey,
    perMinute: env.COINGECKO_PER_MINUTE ?? limits.perMinute,
    perMonth: env.COINGECKO_PER_MONTH ?? limits.perMonth,
    simulated: false,
  }
}

/** A simulator that speaks CoinGecko's contract, under a name that cannot be mistaken. */
export const simulatorSettings = (url: string): SourceSettings => ({
  name: 'simulated',
  url,
  apiKey: null,
  perMinute: 600,
  perMonth: null,
  simulated: true,
})

// With a Demo key: what the plan's page promises. Without one the public host throttles by address, and 20 s between
// calls is what was measured to pass. Another host is somebody's own proxy or replay.
function defaultLimits(url: string, apiKey: string | null) {
  if (apiKey !== null) return { perMinute: 30, perMonth: 10_000 }
  return { perMinute: new URL(url).hostname === 'api.coingecko.com' ? 3 : 30, perMonth: null }
}
