import type { Observation } from '../observation.ts'
import type { Answer, PollFeed, SourceDefinition, SourceFacts } from '../source.ts'
import { type Client, createClient } from './client.ts'
import { createNumberedPages } from './numbered-pages.ts'
import { fieldOf, listIn, numberOf, readObservation, readObservations, secondsOf } from './reading.ts'
import { described } from './simulated.ts'

const FACTS: SourceFacts = {
  name: 'coinlore',
  title: 'CoinLore',
  kind: 'aggregator',
  attribution: { text: 'Data by CoinLore', url: 'https://www.coinlore.com' },
  terms: 'unknown',
  access: 'open',
  fields: ['price', 'volume', 'supply', 'changes'],
  keys: 'own-id',
  derivedFrom: null,
}

// One a second is what its clients are known to get away with.
const MIN_GAP_MS = 1_000
const SIZE = 100

/** CoinLore: thousands of coins a hundred a page. */
export const coinlore: SourceDefinition = {
  facts: FACTS,
  defaults: {
    url: 'https://api.coinlore.net/api',
    limits: () => ({ perMinute: 60, perMonth: null, minGapMs: MIN_GAP_MS }),
  },
  usable: () => true,
  open(settings, tools) {
    const client = createClient({ settings, tools })
    return {
      ...described(FACTS, settings, MIN_GAP_MS),
      feeds: [pagesFeed(client)],
      ping: (signal) => client.ping('/global/', signal),
      close: () => client.close(),
    }
  },
}

/** Reads an answer of /tickers/, which tells one time for all its rows. */
export function readCoinlore(body: unknown, path: string, receivedAt: number): Answer<Observation> {
  const observedAtMs = secondsOf(fieldOf(fieldOf(body, 'info'), 'time'))
  // Beyond the end there are none.
  const rows = listIn(fieldOf(body, 'data') === null ? [] : fieldOf(body, 'data'), path)
  return readObservations(rows, receivedAt, (row) => {
    const said = (field: string) => fieldOf(row, field)
    return readObservation(
      {
        key: said('id'),
        symbol: said('symbol'),
        name: said('name'),
        price: said('price_usd'),
        volume24h: said('volume24'),
        marketCapUsd: said('market_cap_usd'),
        marketCapRank: said('rank'),
        circulatingSupply: said('csupply'),
        changePct: {
          '1h': said('percent_change_1h'),
          '24h': said('percent_change_24h'),
          '7d': said('percent_change_7d'),
        },
        observedAtMs,
      },
      receivedAt,
    )
  })
}

function pagesFeed(client: Client): PollFeed {
  const round = createNumberedPages({
    size: SIZE,
    firstGuess: 14_000,
    mostPages: 400,
    credits: 1,
    async ask(page, signal) {
      const path = `/tickers/?start=${(page - 1) * SIZE}&limit=${SIZE}`
      const { body, receivedAt } = await client.json(path, signal)
      const total = numberOf(fieldOf(fieldOf(body, 'info'), 'coins_num'), 1, 1e6)
      return { answer: readCoinlore(body, path, receivedAt), total }
    },
  })
  return { kind: 'poll', name: 'pages', bestEveryMs: 600_000, share: 0.9, urgent: false, resumable: false, round }
}
