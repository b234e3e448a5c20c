import type { Clock } from '@crypto-signals/clock'
import type { Demand } from '../demand.ts'
import type { Observation } from '../observation.ts'
import type { Answer, PollFeed, SourceCall } from '../source.ts'
import type { Client } from './client.ts'
import { readMarkets } from './coingecko-answer.ts'
import { chunksOf, halvesOf, idsParameter } from './id-chunks.ts'
import { listIn } from './reading.ts'
import { createRests } from './rests.ts'

/** The most coins one call may ask for, and gets on a page. */
const MAX_ROWS = 250

// Wrapped and staked tokens are coins too: without `include_rehypothecated` they drop out of the answers.
const MARKETS =
  `/coins/markets?vs_currency=usd&per_page=${MAX_ROWS}&sparkline=true` +
  '&price_change_percentage=1h,24h,7d,14d,30d,200d,1y&include_rehypothecated=true&precision=full'

const MINUTE_MS = 60_000
const TOP_PAGES = [1, 2]

/** Every coin, in chunks by id: pages by market cap drift while they are turned, and lose a quarter of the coins. */
export const sweepFeed = (client: Client): PollFeed => ({
  kind: 'poll',
  name: 'sweep',
  bestEveryMs: 5 * MINUTE_MS,
  share: 0.66,
  urgent: false,
  resumable: true,
  round: (demand) =>
    chunksOf(demand.ids(), { most: MAX_ROWS }).map((ids, index) => chunkCall(client, ids, String(index))),
})

/** The largest coins by market cap. A sweep of no more than these is as quick, and does not drift. */
export const topFeed = (client: Client): PollFeed => ({
  kind: 'poll',
  name: 'top',
  bestEveryMs: MINUTE_MS,
  share: 0.03,
  urgent: true,
  opening: true,
  resumable: false,
  round: (demand) =>
    demand.ids().length <= TOP_PAGES.length * MAX_ROWS ? [] : TOP_PAGES.map((page) => pageCall(client, page)),
})

/** Coins that nobody else keeps fresh, those first whose prices are oldest: one call of them, and more where somebody else fell out. */
export function stalestFeed(client: Client, clock: Clock): PollFeed {
  const rests = createRests(clock, STALE_MS)
  const call = (ids: readonly string[], index: number): SourceCall => ({
    label: String(index),
    credits: 1,
    target: { coinIds: ids },
    async ask(signal) {
      const answer = await markets(client, `page=1&ids=${idsParameter(ids)}`, signal)
      const sinceMs = answer.receivedAt - STALE_MS
      const fresh = new Set(answer.rows.filter(({ observedAtMs }) => observedAtMs > sinceMs).map(({ key }) => key))
      for (const id of ids) rests.asked(id, fresh.has(id), answer.receivedAt)
      return answer
    },
  })
  const callsFor = (demand: Demand, most: number) => {
    const ids = demand.stalest(most * MAX_ROWS, STALE_MS, rests.awake(demand.ids()))
    const wanted = Array.from({ length: Math.ceil(ids.length / MAX_ROWS) }, (_, index) =>
      ids.slice(index * MAX_ROWS, (index + 1) * MAX_ROWS),
    )
    // Of each lot as many as fit a URL: the others are the stalest of the next round.
    return wanted.flatMap((lot) => chunksOf(lot, { most: MAX_ROWS }).slice(0, 1)).map(call)
  }
  return {
    kind: 'poll',
    name: 'stalest',
    bestEveryMs: 20 * MINUTE_MS,
    share: 0.17,
    urgent: true,
    resumable: false,
    round: (demand) => callsFor(demand, 1),
    more: (demand) => callsFor(demand, MOST_CALLS).slice(1),
  }
}

const MOST_CALLS = 10

// Whoever is asked every ten minutes had his turn.
const STALE_MS = 15 * MINUTE_MS

const pageCall = (client: Client, page: number): SourceCall => ({
  label: String(page),
  credits: 1,
  target: { page, size: MAX_ROWS },
  ask: (signal) => markets(client, `page=${page}&order=market_cap_desc`, signal),
})

function chunkCall(client: Client, ids: readonly string[], label: string): SourceCall {
  const call: SourceCall = {
    label,
    credits: 1,
    target: { coinIds: ids },
    ask: (signal) => markets(client, `page=1&ids=${idsParameter(ids)}`, signal),
    rest(answer) {
      const missing = crowdedOut(ids, answer)
      // Unless half of them came, asking on would cost more calls than it is worth.
      const worthIt = missing.length > 0 && missing.length * 2 <= ids.length
      return worthIt ? chunkCall(client, missing, `${label}r`) : null
    },
  }
  if (ids.length < 2) return call
  return { ...call, split: () => halvesOf(ids).map((half, index) => chunkCall(client, half, `${label}.${index}`)) }
}

async function markets(client: Client, query: string, signal: AbortSignal): Promise<Answer<Observation>> {
  const path = `${MARKETS}&${query}`
  const { body, receivedAt } = await client.json(path, signal)
  return readMarkets(listIn(body, path), receivedAt)
}

/** The ids that found no room in an answer because it is full and repeats others. A coin that is gone leaves room. */
function crowdedOut(ids: readonly string[], { rows, faults, repeated }: Answer<Observation>): string[] {
  if (rows.length + faults.length + repeated < MAX_ROWS) return []
  const seen = new Set([...rows.map(({ key }) => key), ...faults.map(({ id }) => id)])
  return ids.filter((id) => !seen.has(id))
}
