import type { Observation } from '../observation.ts'
import type { Answer, PollFeed, SourceCall, SourceDefinition, SourceFacts } from '../source.ts'
import { SourceError } from '../source-error.ts'
import { type Client, createClient } from './client.ts'
import { barsIn, chartPath } from './defillama-chart.ts'
import { chunksOf, halvesOf, idsParameter } from './id-chunks.ts'
import { faultOf, fieldOf, numberOf, readObservation, readObservations, secondsOf } from './reading.ts'
import { isObject } from './row-reading.ts'
import { described } from './simulated.ts'

const FACTS: SourceFacts = {
  name: 'defillama',
  title: 'DefiLlama',
  kind: 'aggregator',
  attribution: { text: 'Prices by DefiLlama', url: 'https://defillama.com' },
  terms: 'open',
  access: 'open',
  fields: ['price'],
  keys: 'coingecko-id',
  // Its prices by CoinGecko's ids are pulled from there.
  derivedFrom: 'coingecko',
}

const PREFIX = 'coingecko:'
const MAX_IDS = 120
const MIN_GAP_MS = 4_000
const MINUTE_MS = 60_000

/** DefiLlama's coins API: prices of all coins by CoinGecko's ids, and their past. */
export const defillama: SourceDefinition = {
  facts: FACTS,
  defaults: {
    url: 'https://coins.llama.fi',
    limits: () => ({ perMinute: 15, perMonth: null, minGapMs: MIN_GAP_MS }),
  },
  usable: () => true,
  open(settings, tools) {
    const client = createClient({ settings, tools })
    return {
      ...described(FACTS, settings, MIN_GAP_MS),
      feeds: [sweepFeed(client), urgentFeed(client)],
      async history(key, interval, signal) {
        const path = chartPath(idsParameter([key], PREFIX), interval, tools.clock.now())
        const { body, receivedAt } = await client.json(path, signal)
        return barsIn(body, { coin: PREFIX + key, interval, path, receivedAt })
      },
      ping: (signal) => client.ping(`/prices/current/${PREFIX}bitcoin`, signal),
      close: () => client.close(),
    }
  },
}

/** Reads an answer of /prices/current. */
export function readDefillama(body: unknown, path: string, receivedAt: number): Answer<Observation> {
  const coins = fieldOf(body, 'coins')
  if (!isObject(coins)) throw new SourceError({ kind: 'failed', message: 'the answer has no coins' }, path)
  return readObservations(Object.entries(coins), receivedAt, (row) => {
    const [coin, said] = row as [string, unknown]
    if (!coin.startsWith(PREFIX)) return faultOf('key', coin, null)
    const key = coin.slice(PREFIX.length)
    const confidence = fieldOf(said, 'confidence') ?? 1
    if ((numberOf(confidence, 0, 1) ?? 0) < LEAST_CONFIDENCE) return { fault: { reason: 'confidence: low', id: key } }
    return readObservation(
      {
        key,
        symbol: fieldOf(said, 'symbol'),
        price: fieldOf(said, 'price'),
        observedAtMs: secondsOf(fieldOf(said, 'timestamp')),
      },
      receivedAt,
    )
  })
}

const LEAST_CONFIDENCE = 0.5

const sweepFeed = (client: Client): PollFeed => ({
  kind: 'poll',
  name: 'sweep',
  bestEveryMs: 10 * MINUTE_MS,
  share: 0.6,
  urgent: false,
  resumable: false,
  round: (demand) => callsFor(client, demand.ids()),
})

const urgentFeed = (client: Client): PollFeed => ({
  kind: 'poll',
  name: 'urgent',
  bestEveryMs: MINUTE_MS,
  share: 0.3,
  urgent: true,
  resumable: false,
  round: (demand) => callsFor(client, demand.urgent(MAX_IDS)),
})

const callsFor = (client: Client, ids: readonly string[]) =>
  chunksOf(ids, { most: MAX_IDS, prefix: PREFIX }).map((chunk, index) => callOf(client, chunk, String(index)))

function callOf(client: Client, ids: readonly string[], label: string): SourceCall {
  const path = `/prices/current/${idsParameter(ids, PREFIX)}`
  const call: SourceCall = {
    label,
    credits: 1,
    target: { coinIds: ids },
    async ask(signal) {
      const { body, receivedAt } = await client.json(path, signal)
      return readDefillama(body, path, receivedAt)
    },
  }
  if (ids.length < 2) return call
  return { ...call, split: () => halvesOf(ids).map((half, index) => callOf(client, half, `${label}.${index}`)) }
}
