import { CHANGE_SPAN_MS } from '@crypto-signals/contracts'
import type { Observation } from '../observation.ts'
import type { Answer, PollFeed, SourceDefinition, SourceFacts } from '../source.ts'
import { type Client, createClient } from './client.ts'
import { dateOf, fieldOf, listIn, readObservation, readObservations } from './reading.ts'
import { described } from './simulated.ts'

const FACTS: SourceFacts = {
  name: 'coinpaprika',
  title: 'CoinPaprika',
  kind: 'aggregator',
  attribution: { text: 'Data provided by CoinPaprika', url: 'https://coinpaprika.com' },
  terms: 'personal, non-commercial use',
  access: 'open',
  fields: ['price', 'volume', 'supply', 'changes'],
  keys: 'own-id',
  derivedFrom: null,
}

/** CoinPaprika: the 2,000 largest coins in one call. */
export const coinpaprika: SourceDefinition = {
  facts: FACTS,
  defaults: {
    url: 'https://api.coinpaprika.com/v1',
    limits: () => ({ perMinute: 60, perMonth: 20_000, minGapMs: 0 }),
  },
  usable: () => true,
  open(settings, tools) {
    const client = createClient({ settings, tools })
    return {
      ...described(FACTS, settings),
      feeds: [tickersFeed(client)],
      ping: (signal) => client.ping('/global', signal),
      close: () => client.close(),
    }
  },
}

/** Reads an answer of /tickers. */
export const readCoinpaprika = (body: unknown, path: string, receivedAt: number): Answer<Observation> =>
  readObservations(listIn(body, path), receivedAt, (row) => {
    const said = (field: string) => fieldOf(row, field)
    const usd = (field: string) => fieldOf(fieldOf(said('quotes'), 'USD'), field)
    return readObservation(
      {
        key: said('id'),
        symbol: said('symbol'),
        name: said('name'),
        price: usd('price'),
        volume24h: usd('volume_24h'),
        marketCapUsd: usd('market_cap'),
        marketCapRank: said('rank'),
        circulatingSupply: said('circulating_supply'),
        changePct: changesOf(usd, dateOf(said('first_data_at')), receivedAt),
        observedAtMs: dateOf(said('last_updated')),
      },
      receivedAt,
    )
  })

/** A coin younger than a span has not changed over it by 0 %, which is what it says then. */
function changesOf(usd: (field: string) => unknown, firstDataAt: number | null, receivedAt: number) {
  const ageMs = receivedAt - (firstDataAt ?? 0)
  const spans = SPANS.filter((span) => ageMs >= CHANGE_SPAN_MS[span])
  return Object.fromEntries(spans.map((span) => [span, usd(`percent_change_${span}`)]))
}

const SPANS = ['1h', '24h', '7d', '30d', '1y'] as const

// Its free answers are made afresh about every 5 minutes.
const BEST_EVERY_MS = 300_000
const TICKERS = '/tickers'

const tickersFeed = (client: Client): PollFeed => ({
  kind: 'poll',
  name: 'tickers',
  bestEveryMs: BEST_EVERY_MS,
  share: 0.9,
  urgent: false,
  resumable: false,
  round: () => [
    {
      label: 'all',
      credits: 1,
      target: { all: true },
      async ask(signal) {
        const { body, receivedAt } = await client.json(TICKERS, signal)
        return readCoinpaprika(body, TICKERS, receivedAt)
      },
    },
  ],
})
