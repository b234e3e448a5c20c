import { MARKET_SOURCES, processEnvironment } from '@crypto-signals/service'
import { type Static, type TOptional, type TString, Type } from '@sinclair/typebox'
import type { MarketSource, SourceDefinition, SourceSettings } from './source.ts'

const limit = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000, description }))
const seconds = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 2_592_000, description }))
const key = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,200}$',
      description,
      expected: 'must be 1 to 200 visible characters without spaces',
    }),
  )
const url = (protocols: string, description: string) =>
  Type.Optional(
    Type.String({
      pattern: `^(${protocols})://[^\\s@?#]+$`,
      maxLength: 2_000,
      description,
      expected: `must be an address by ${protocols.replace('s?', '(s)')}, without spaces, a user, a query or a #`,
    }),
  )

const variable = (source: string, what: string) => `${source.toUpperCase().replaceAll('-', '_')}_${what}`

/** Every source's base URL is a setting; unset, it is the public one. */
const URLS: Record<string, TOptional<TString>> = Object.fromEntries(
  MARKET_SOURCES.map((name) => [variable(name, 'URL'), url('https?', `Base URL of ${name}`)]),
)

/** The environment variables that ingestion understands; all have a default. */
export const INGESTION_ENVIRONMENT = {
  ...URLS,
  BINANCE_STREAM_URL: url('wss?', "URL of Binance's WebSocket"),
  COINGECKO_API_KEY: key('Demo key'),
  COINGECKO_PER_MINUTE: limit('Calls a minute'),
  COINGECKO_PER_MONTH: limit('Calls a calendar month'),
  COINMARKETCAP_API_KEY: key('Basic key; without one the source is not used'),
  COINMARKETCAP_PER_MINUTE: limit('Calls a minute'),
  COINMARKETCAP_PER_MONTH: limit('Credits a calendar month'),
  COINPAPRIKA_PER_MINUTE: limit('Calls a minute'),
  COINPAPRIKA_PER_MONTH: limit('Calls a calendar month'),
  SWEEP_INTERVAL_SECONDS: seconds("Time between two of CoinGecko's sweeps of all coins, in place of the plan's"),
  TOP_INTERVAL_SECONDS: seconds("Time between two looks at CoinGecko's largest coins, in place of the plan's"),
}

const Environment = Type.Object(INGESTION_ENVIRONMENT)
export type IngestionEnvironment = Static<typeof Environment> & {
  MARKET_SOURCES: string
  [url: `${string}_URL`]: string | undefined
}

/** What a process of this service alone reads from the environment. */
export const IngestionProcessConfig = Type.Object({ ...processEnvironment(3004), ...INGESTION_ENVIRONMENT })

/** Market sources for as long as they are open. */
export interface MarketSources extends AsyncDisposable {
  /** To be closed by whoever watches them. */
  readonly sources: readonly MarketSource[]
}

export interface IngestionConfig {
  /** Opens the sources to watch, whenever this process begins to lead. */
  openSources: () => Promise<MarketSources>
  /** In place of the plan's intervals, of feeds of the base source, ms. */
  intervals?: Readonly<Record<string, number | undefined>>
}

/** The intervals that the environment sets in place of the plan's. */
export function intervalsOf(env: IngestionEnvironment): Readonly<Record<string, number | undefined>> {
  const { SWEEP_INTERVAL_SECONDS: sweep, TOP_INTERVAL_SECONDS: top } = env
  return { sweep: sweep && sweep * 1000, top: top && top * 1000 }
}

/** A source as the environment describes it. */
export function settingsOf({ facts, defaults }: SourceDefinition, env: IngestionEnvironment): SourceSettings {
  const said = (what: string) => (env as Record<string, unknown>)[variable(facts.name, what)]
  const url = (said('URL') as string | undefined) ?? defaults.url
  const apiKey = (said('API_KEY') as string | undefined) ?? null
  const limits = defaults.limits({ url, apiKey })
  return {
    url,
    streamUrl: (said('STREAM_URL') as string | undefined) ?? defaults.streamUrl ?? null,
    apiKey,
    perMinute: (said('PER_MINUTE') as number | undefined) ?? limits.perMinute,
    perMonth: (said('PER_MONTH') as number | undefined) ?? limits.perMonth,
    simulated: false,
  }
}
