import { subscribe } from 'node:diagnostics_channel'
import { openBus } from '@crypto-signals/bus'
import { type Cache, openCache } from '@crypto-signals/cache'
import type { Clock } from '@crypto-signals/clock'
import type { Quote, Quotes, SourceStatus } from '@crypto-signals/contracts'
import { openStore, type Store } from '@crypto-signals/store'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { buildIngestion } from '../src/app.ts'
import { coingecko } from '../src/calls/coingecko.ts'
import type { IngestionConfig, MarketSources } from '../src/config.ts'
import type { MarketSource, SourceSettings } from '../src/source.ts'

interface HeldClock extends Clock {
  advance(ms: number): Promise<void>
}

export interface RigOptions {
  url: string
  clock: HeldClock
  dataDir: string
  log: Logger
  settings?: Partial<SourceSettings>
  config?: Partial<IngestionConfig>
  cache?: Cache
}

/** Ingestion at work on a store and a bus of its own, watching one source. */
export async function openRig({ url, clock, dataDir, log, settings, config, ...given }: RigOptions) {
  const store = await openStore({ dataDir, file: 'market.sqlite' })
  const bus = await openBus({ clock, log })
  const metrics = new Registry()
  const events: Quotes[] = []
  /** Coins that were published before they were written; there must be none. */
  const early: string[] = []
  await bus.consume('quotes', { group: 'rig', delivery: 'each' }, async (event) => {
    events.push(event)
    for (const { coinId } of event.rows) if ((await store.quotes.get(coinId)) === null) early.push(coinId)
  })
  const source: SourceSettings = {
    url,
    streamUrl: null,
    apiKey: null,
    perMinute: 60,
    perMonth: null,
    simulated: false,
    ...settings,
  }
  const tools = { clock, log, random: () => 0 }
  const openSources = async () => opened([coingecko.open(source, tools)])
  const cache = given.cache ?? (await openCache({ clock, log }))
  const ports = { store, bus, clock, log, metrics, cache }
  const service = buildIngestion(ports, { openSources, ...config }, () => 0)
  await service.start()
  const rig = {
    service,
    store,
    bus,
    events,
    early,
    status: async (): Promise<SourceStatus | undefined> => (await store.sources.statuses())[0],
    stored: () => storedQuotes(store),
    sweepDone: async () => (await store.sources.sweep('coingecko'))?.finishedAt != null,
    metrics: () => metrics.metrics(),
    metric: async (line: string) => metricOf(await metrics.metrics(), line),
    async stop() {
      await service.stop()
      await cache[Symbol.asyncDispose]()
      await bus[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
    [Symbol.asyncDispose]: (): Promise<void> => rig.stop(),
  }
  return rig
}

/** Intervals in seconds in place of the plan's. */
export const every = ({ sweep, top }: { sweep?: number; top?: number }): Partial<IngestionConfig> => ({
  intervals: { sweep: sweep && sweep * 1000, top: top && top * 1000 },
})

/** Sources that nobody need close. */
export const opened = (sources: readonly MarketSource[]): MarketSources => ({
  sources,
  [Symbol.asyncDispose]: async () => undefined,
})

async function storedQuotes(store: Store): Promise<Quote[]> {
  const quotes: Quote[] = []
  for await (const batch of store.quotes.all(1000)) quotes.push(...batch)
  return quotes
}

const metricOf = (text: string, line: string) =>
  Number(
    text
      .split('\n')
      .find((found) => found.startsWith(`${line} `))
      ?.slice(line.length),
  )

/**
 * Lets time pass on a held clock in steps until something is so. It stands still while a call is under way: a step could
 * otherwise outrun the call and end it by its time limit.
 */
export async function pass(clock: HeldClock, predicate: () => boolean | Promise<boolean>, stepMs = 250): Promise<void> {
  for (let steps = 0; !(await predicate()); steps++) {
    if (steps > MAX_STEPS) throw new Error(`not so after ${MAX_STEPS} steps: ${String(predicate)}`)
    await quiet()
    await clock.advance(stepMs)
  }
}

const MAX_STEPS = 5_000

async function quiet(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (underWay.size > 0)
}

const underWay = new Set<unknown>()
const requestOf = (message: unknown) => (message as { request: unknown }).request
subscribe('undici:request:create', (message) => underWay.add(requestOf(message)))
subscribe('undici:request:trailers', (message) => underWay.delete(requestOf(message)))
subscribe('undici:request:error', (message) => underWay.delete(requestOf(message)))
