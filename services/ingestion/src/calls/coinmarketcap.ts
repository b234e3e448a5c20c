import type { Observation } from '../observation.ts'
import type { Answer, PollFeed, SourceDefinition, SourceFacts } from '../source.ts'
import type { Failure, FailureKind } from '../source-error.ts'
import { type Client, createClient, failureWith, kindOfStatus } from './client.ts'
import { contractOf } from './coinmarketcap-platforms.ts'
import type { HttpAnswer } from './http-get.ts'
import { createNumberedPages } from './numbered-pages.ts'
import { dateOf, fieldOf, listIn, numberOf, readObservation, readObservations } from './reading.ts'
import { described } from './simulated.ts'

const FACTS: SourceFacts = {
  name: 'coinmarketcap',
  title: 'CoinMarketCap',
  kind: 'aggregator',
  attribution: { text: 'Data by CoinMarketCap', url: 'https://coinmarketcap.com' },
  terms: 'personal use',
  access: 'free-key',
  fields: ['price', 'volume', 'supply', 'changes'],
  keys: 'own-id',
  derivedFrom: null,
}

const SIZE = 5_000
// One page of its documents says 250 rows a credit, another 200.
const ROWS_A_CREDIT = 200

/** CoinMarketCap: all coins in a few large pages. Needs the key of its Basic plan. */
export const coinmarketcap: SourceDefinition = {
  facts: FACTS,
  defaults: {
    url: 'https://pro-api.coinmarketcap.com/v1',
    limits: () => ({ perMinute: 30, perMonth: 15_000, minGapMs: 0 }),
  },
  usable: ({ apiKey, simulated }) => apiKey !== null || simulated,
  open(settings, tools) {
    const { apiKey } = settings
    const headers: Record<string, string> = apiKey === null ? {} : { 'x-cmc_pro_api_key': apiKey }
    const client = createClient({ settings, tools, headers, failureOf })
    return {
      ...described(FACTS, settings),
      feeds: [pagesFeed(client)],
      ping: (signal) => client.ping('/key/info', signal),
      close: () => client.close(),
    }
  },
}

/** Reads an answer of /cryptocurrency/listings/latest. */
export function readCoinmarketcap(body: unknown, path: string, receivedAt: number): Answer<Observation> {
  return readObservations(listIn(fieldOf(body, 'data'), path), receivedAt, (row) => {
    const said = (field: string) => fieldOf(row, field)
    const usd = (field: string) => fieldOf(fieldOf(said('quote'), 'USD'), field)
    const { row: read, fault } = readObservation(
      {
        key: idOf(said('id')),
        symbol: said('symbol'),
        name: said('name'),
        price: usd('price'),
        volume24h: usd('volume_24h'),
        marketCapUsd: usd('market_cap'),
        marketCapRank: said('cmc_rank'),
        circulatingSupply: said('circulating_supply'),
        changePct: {
          '1h': usd('percent_change_1h'),
          '24h': usd('percent_change_24h'),
          '7d': usd('percent_change_7d'),
          '30d': usd('percent_change_30d'),
        },
        observedAtMs: dateOf(usd('last_updated')) ?? dateOf(said('last_updated')),
      },
      receivedAt,
    )
    return fault === undefined ? { row: { ...read, contract: contractOf(said('platform')) } } : { fault }
  })
}

const idOf = (id: unknown): unknown => (typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : id)

/** What `status` of an answer says went wrong; an error_code of 0 says nothing did. */
function failureOf(answer: HttpAnswer, body: unknown, now: number): Failure | null {
  const status = fieldOf(body, 'status')
  const code = numberOf(fieldOf(status, 'error_code'), 1, 1e6)
  if (code === null) return null
  const message = fieldOf(status, 'error_message')
  const kind = KINDS.get(code) ?? kindOfStatus(answer.status)
  return failureWith(answer, { kind, code, words: typeof message === 'string' ? message : null }, now)
}

// The key is wrong, missing or its plan is not for this; or a limit of the minute, the day, the month or the address is reached.
const KINDS: ReadonlyMap<number, FailureKind> = new Map([
  ...[1001, 1002, 1003, 1004, 1005, 1006, 1007].map((code) => [code, 'refused'] as const),
  ...[1008, 1009, 1010, 1011].map((code) => [code, 'throttled'] as const),
])

const HOUR_MS = 3_600_000

function pagesFeed(client: Client): PollFeed {
  const round = createNumberedPages({
    size: SIZE,
    firstGuess: SIZE,
    mostPages: 8,
    credits: SIZE / ROWS_A_CREDIT,
    async ask(page, signal) {
      const start = (page - 1) * SIZE + 1
      const path = `/cryptocurrency/listings/latest?start=${start}&limit=${SIZE}&convert=USD&aux=cmc_rank,circulating_supply,platform`
      const { body, receivedAt } = await client.json(path, signal)
      const total = numberOf(fieldOf(fieldOf(body, 'status'), 'total_count'), 1, 1e6)
      return { answer: readCoinmarketcap(body, path, receivedAt), total }
    },
  })
  return { kind: 'poll', name: 'pages', bestEveryMs: HOUR_MS, share: 0.9, urgent: false, resumable: false, round }
}
