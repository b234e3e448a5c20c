import type { Observation } from '../observation.ts'
import type { Answer } from '../source.ts'
import { dex } from './dex.ts'
import { addressList, keysOf, LEAST_LIQUIDITY_USD, type TokensAsked } from './dex-calls.ts'
import { DEXSCREENER_PLATFORMS as PLATFORMS } from './dex-platforms.ts'
import { amountOf, fieldOf, listIn, readObservation, readObservations } from './reading.ts'

const pathOf = (asked: TokensAsked) => `/tokens/v1/${PLATFORMS.get(asked.platform)}/${addressList(asked)}`

export const dexscreener = dex({
  name: 'dexscreener',
  title: 'DEX Screener',
  site: 'https://dexscreener.com',
  attribution: 'Data from DEX Screener',
  url: 'https://api.dexscreener.com',
  perMinute: 300,
  minGapMs: 1_000,
  platforms: PLATFORMS,
  olderThanMs: 12 * 60_000,
  maxCalls: 60,
  pathOf,
  read: readPools,
})

/** Reads the pools of tokens: of each token the pool that holds most, where it holds enough and the token is what it prices. */
export function readPools(body: unknown, asked: TokensAsked, receivedAt: number): Answer<Observation> {
  const keyOf = keysOf(asked)
  const deepest = new Map<string, { pool: unknown; liquidityUsd: number }>()
  for (const pool of listIn(body, pathOf(asked))) {
    const key = keyOf(fieldOf(fieldOf(pool, 'baseToken'), 'address'))
    const liquidityUsd = amountOf(fieldOf(fieldOf(pool, 'liquidity'), 'usd')) ?? 0
    const known = key === null ? Infinity : (deepest.get(key)?.liquidityUsd ?? 0)
    if (key !== null && liquidityUsd >= LEAST_LIQUIDITY_USD && liquidityUsd > known)
      deepest.set(key, { pool, liquidityUsd })
  }
  return readObservations([...deepest], receivedAt, (row) => {
    const [key, { pool }] = row as [string, { pool: unknown }]
    const token = fieldOf(pool, 'baseToken')
    const said = {
      key,
      symbol: fieldOf(token, 'symbol'),
      name: fieldOf(token, 'name'),
      price: fieldOf(pool, 'priceUsd'),
      volume24h: fieldOf(fieldOf(pool, 'volume'), 'h24'),
    }
    return readObservation(said, receivedAt)
  })
}
