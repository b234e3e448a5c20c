import type {
  MarketSource,
  SourceDefinition,
  SourceFacts,
  SourceLimits,
  SourceSettings,
  SourceTools,
} from '../source.ts'
import { type Client, createClient } from './client.ts'
import { readCoins, readPairs } from './coingecko-answer.ts'
import { failureOf } from './coingecko-failure.ts'
import { stalestFeed, sweepFeed, topFeed } from './coingecko-feeds.ts'
import { fieldOf, listIn } from './reading.ts'
import { described } from './simulated.ts'

const FACTS: SourceFacts = {
  name: 'coingecko',
  title: 'CoinGecko',
  kind: 'aggregator',
  attribution: { text: 'Data provided by CoinGecko', url: 'https://www.coingecko.com' },
  terms: 'personal use',
  access: 'free-key',
  fields: ['price', 'range', 'volume', 'supply', 'changes', 'sparkline'],
  keys: 'coingecko-id',
  derivedFrom: null,
}

/** CoinGecko, the base source: its list says which coins there are. Works without a key too, slowly. */
export const coingecko: SourceDefinition = {
  facts: FACTS,
  defaults: { url: 'https://api.coingecko.com/api/v3', limits },
  usable: () => true,
  open: openCoingecko,
}

// With a Demo key: what the plan's page promises. Without one the public host throttles by address, and 20 s between
// calls is what was measured to pass. Another host is somebody's own proxy or replay.
function limits({ url, apiKey }: { url: string; apiKey: string | null }): SourceLimits {
  if (apiKey !== null) return { perMinute: 30, perMonth: 10_000, minGapMs: 0 }
  return { perMinute: new URL(url).hostname === 'api.coingecko.com' ? 3 : 30, perMonth: null, minGapMs: 0 }
}

function openCoingecko(settings: SourceSettings, tools: SourceTools): MarketSource {
  const client = clientOf(settings, tools)
  return {
    ...described(FACTS, settings),
    feeds: [sweepFeed(client), topFeed(client), stalestFeed(client, tools.clock)],
    async listCoins(signal) {
      const path = '/coins/list?include_platform=true'
      const { body, receivedAt } = await client.json(path, signal)
      return readCoins(listIn(body, path), receivedAt)
    },
    async exchangePairs(exchange, page, signal) {
      const path = `/exchanges/${encodeURIComponent(exchange)}/tickers?page=${page}&order=base_target`
      const { body, receivedAt } = await client.json(path, signal)
      return readPairs(listIn(fieldOf(body, 'tickers'), path), receivedAt)
    },
    ping: (signal) => client.ping('/ping', signal),
    close: () => client.close(),
  }
}

// A base URL is often given without it.
const API_PATH = '/api/v3'

/** Asks below /api/v3 if nothing was ever found without it. */
function clientOf(settings: SourceSettings, tools: SourceTools): Client {
  let prefix = ''
  let found = settings.url.replace(/\/+$/, '').endsWith(API_PATH)
  const headers: Record<string, string> = settings.apiKey === null ? {} : { 'x-cg-demo-api-key': settings.apiKey }
  const client = createClient({
    settings,
    tools,
    headers,
    failureOf(answer, body, now) {
      found ||= answer.status === 200
      if (answer.status !== 404 || found) return failureOf(answer, body, now)
      found = true
      prefix = API_PATH
      return { kind: 'failed', message: `HTTP 404: trying ${API_PATH}` }
    },
  })
  return {
    json: (path, signal) => client.json(prefix + path, signal),
    ping: (path, signal) => client.ping(prefix + path, signal),
    close: () => client.close(),
  }
}
