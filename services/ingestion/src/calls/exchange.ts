import type { BarInterval } from '@crypto-signals/contracts'
import { isDollar } from '../dollars.ts'
import type { Observation } from '../observation.ts'
import type {
  Answer,
  PollFeed,
  SourceCall,
  SourceDefinition,
  SourceFacts,
  SourceSettings,
  SourceTools,
  StreamFeed,
} from '../source.ts'
import { type Candle, readCandles } from './candles.ts'
import { type Client, type ClientOptions, createClient } from './client.ts'
import type { SplitPair } from './pair.ts'
import { described } from './simulated.ts'
import { readTickers, type Ticker } from './ticker.ts'

/** What is an exchange's own. */
export interface ExchangeSpec {
  name: string
  title: string
  site: string
  /** CoinGecko's id of it. */
  listedAs: string
  url: string
  streamUrl?: string
  perMinute: number
  minGapMs: number
  tickersEveryMs?: number
  /** The path of all tickers. */
  tickers: string
  /** The path of a pair's latest candles, as many of them as we keep. */
  candles(pair: string, interval: BarInterval, now: number): string
  /** Made for each use, as it may remember. */
  reader: () => ExchangeReader
  failureOf?: NonNullable<ClientOptions['failureOf']>
  stream?(settings: SourceSettings, tools: SourceTools, split: SplitPair): StreamFeed[]
}

/** Reads an exchange's answers; each throws a SourceError where an answer is not as agreed. */
interface ExchangeReader {
  split: SplitPair
  tickers(body: unknown): Ticker[]
  candles(body: unknown): Candle[]
  /** What tickers cannot be read without: asked for once a day, before them. */
  listing?: { path: string; learn(body: unknown): void }
}

export interface ExchangeDefinition extends SourceDefinition {
  reader: () => ExchangeReader
}

/** An exchange as a source: all its pairs by one call, and past bars of each. */
export function exchange(spec: ExchangeSpec): ExchangeDefinition {
  const { name, title, site, listedAs, url, streamUrl, perMinute, minGapMs, reader } = spec
  const facts: SourceFacts = {
    name,
    title,
    kind: 'exchange',
    attribution: { text: `Market data from ${title}`, url: site },
    terms: 'public market data',
    access: 'open',
    fields: ['price', 'volume', 'range'],
    keys: 'pair',
    listedAs,
    derivedFrom: null,
  }
  return {
    facts,
    reader,
    defaults: { url, ...(streamUrl && { streamUrl }), limits: () => ({ perMinute, perMonth: null, minGapMs }) },
    usable: () => true,
    open(settings, tools) {
      const client = createClient({ settings, tools, ...(spec.failureOf && { failureOf: spec.failureOf }) })
      const read = reader()
      return {
        ...described(facts, settings, minGapMs),
        feeds: [tickersFeed(spec, read, client, tools), ...(spec.stream?.(settings, tools, read.split) ?? [])],
        history: historyOf(spec, read, client, tools),
        // Some answer a ping even where they refuse their data, so the data is asked for.
        ping: (signal) => client.ping(spec.tickers, signal),
        close: () => client.close(),
      }
    },
  }
}

const DAY_MS = 86_400_000

function tickersFeed(spec: ExchangeSpec, reader: ExchangeReader, client: Client, { clock }: SourceTools): PollFeed {
  const { split, listing } = reader
  let listedAt = -Infinity
  const tickers = callFor('tickers', async (signal) => {
    const { body, receivedAt } = await client.json(spec.tickers, signal)
    return readTickers(reader.tickers(body), split, receivedAt)
  })
  const list = callFor('listing', async (signal) => {
    const { body, receivedAt } = await client.json(listing?.path ?? '', signal)
    listing?.learn(body)
    listedAt = receivedAt
    return { receivedAt, rows: [], faults: [], repeated: 0 }
  })
  const listingIsDue = () => listing !== undefined && clock.now() - listedAt >= DAY_MS
  return {
    kind: 'poll',
    name: 'tickers',
    share: 0.9,
    urgent: false,
    resumable: false,
    bestEveryMs: spec.tickersEveryMs ?? 30_000,
    round: () => (listingIsDue() ? [list, tickers] : [tickers]),
  }
}

const callFor = (label: string, ask: (signal: AbortSignal) => Promise<Answer<Observation>>): SourceCall => ({
  label,
  credits: 1,
  target: { all: true },
  ask,
})

/** Bars are in dollars: there are none of a pair in another currency. */
const historyOf =
  (spec: ExchangeSpec, reader: ExchangeReader, client: Client, { clock }: SourceTools) =>
  async (key: string, interval: BarInterval, signal: AbortSignal) => {
    if (!isDollar(reader.split(key)?.quote ?? '')) return []
    const { body, receivedAt } = await client.json(spec.candles(encodeURIComponent(key), interval, clock.now()), signal)
    return readCandles(reader.candles(body), interval, receivedAt)
  }
