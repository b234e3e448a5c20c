import type { Clock } from '@crypto-signals/clock'
import { Agent } from 'undici'
import { idsParameter } from '../chunks.ts'
import type { SourceSettings } from '../config.ts'
import { MAX_ROWS, type MarketSource } from '../market-source.ts'
import { type Failure, SourceError } from '../source-error.ts'
import { failureIn, readCoins, readQuotes, rowsIn } from './coingecko-answer.ts'
import { type HttpAnswer, httpGet } from './http-get.ts'
import { createCleaner } from './upstream-words.ts'

// Wrapped and staked tokens are coins too: without `include_rehypothecated` they drop out of the answers.
const MARKETS =
  `/coins/markets?vs_currency=usd&per_page=${MAX_ROWS}&sparkline=true` +
  '&price_change_percentage=1h,24h,7d,14d,30d,200d,1y&include_rehypothecated=true&precision=full'

const ATTRIBUTION = 'Data provided by CoinGecko (https://www.coingecko.com)'

/** CoinGecko's API, or a server that speaks its contract. */
export function openCoingecko(settings: SourceSettings, clock: Clock): MarketSource {
  const { name, simulated, perMinute, perMonth } = settings
  const agent = new Agent()
  const client = createClient(settings, agent, clock)

  const markets = async (query: string, signal: AbortSignal) => {
    const { rows, receivedAt } = await client.rows(`${MARKETS}&${query}`, signal)
    return readQuotes(rows, name, receivedAt)
  }

  return {
    name,
    simulated,
    attribution: simulated ? 'Simulated data, not a real market' : ATTRIBUTION,
    limits: { perMinute, perMonth },
    async listCoins(signal) {
      const { rows, receivedAt } = await client.rows('/coins/list', signal)
      return readCoins(rows, receivedAt)
    },
    marketsByIds: (ids, signal) => markets(`page=1&ids=${idsParameter(ids)}`, signal),
    topByCap: (page, signal) => markets(`page=${page}&order=market_cap_desc`, signal),
    ping: (signal) => client.ping(signal),
    close: () => agent.destroy(),
  }
}

// A base URL is often given without it.
const API_PATH = '/api/v3'

/** The two ways to ask: each in which no answer comes, or no rows, is a SourceError. */
function createClient({ url, apiKey }: SourceSettings, agent: Agent, clock: Clock) {
  let base = url.replace(/\/+$/, '')
  const headers = {
    accept: 'application/json',
    'user-agent': 'crypto-signals',
    ...(apiKey === null ? {} : { 'x-cg-demo-api-key': apiKey }),
  }
  const cleaned = createCleaner(apiKey)

  const get = async (path: string, signal: AbortSignal): Promise<HttpAnswer> => {
    try {
      return await httpGet(base + path, { agent, clock, headers }, signal)
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      throw new SourceError({ kind: 'failed', message: cleaned(reasonsOf(cause)) }, path, { cause })
    }
  }
  const fit = (failure: Failure): Failure => ({ ...failure, message: cleaned(failure.message) })

  return {
    async rows(path: string, signal: AbortSignal) {
      const answer = await get(path, signal)
      const receivedAt = clock.now()
      if (answer.status === 404 && !base.endsWith(API_PATH)) {
        base += API_PATH
        throw new SourceError({ kind: 'failed', message: `HTTP 404: trying ${API_PATH}` }, path)
      }
      const rows = rowsIn(answer, receivedAt)
      if (!Array.isArray(rows)) throw new SourceError(fit(rows), path)
      return { rows, receivedAt }
    },
    async ping(signal: AbortSignal) {
      const failure = failureIn(await get('/ping', signal), clock.now())
      return failure && new SourceError(fit(failure), '/ping')
    },
  }
}

/** The message and those of its causes: fetch says no more than `fetch failed` itself. */
function reasonsOf(error: unknown): string {
  const reasons: string[] = []
  for (let at = error; at instanceof Error && reasons.length < 3; at = at.cause) reasons.push(at.message)
  return reasons.join(': ')
}
