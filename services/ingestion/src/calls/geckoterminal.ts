import type { Observation } from '../observation.ts'
import type { Answer } from '../source.ts'
import { dex } from './dex.ts'
import { addressList, keysOf, LEAST_LIQUIDITY_USD, type TokensAsked } from './dex-calls.ts'
import { GECKOTERMINAL_PLATFORMS as PLATFORMS } from './dex-platforms.ts'
import { amountOf, fieldOf, listIn, readObservation, readObservations } from './reading.ts'

const pathOf = (asked: TokensAsked) => `/networks/${PLATFORMS.get(asked.platform)}/tokens/multi/${addressList(asked)}`

export const geckoterminal = dex({
  name: 'geckoterminal',
  title: 'GeckoTerminal',
  site: 'https://www.geckoterminal.com',
  attribution: 'Data provided by GeckoTerminal',
  url: 'https://api.geckoterminal.com/api/v2',
  perMinute: 30,
  minGapMs: 1_000,
  platforms: PLATFORMS,
  olderThanMs: 15 * 60_000,
  maxCalls: 25,
  pathOf,
  read: readTokens,
})

/** Reads tokens: those whose pools hold enough. */
export function readTokens(body: unknown, asked: TokensAsked, receivedAt: number): Answer<Observation> {
  const keyOf = keysOf(asked)
  const tokens = listIn(fieldOf(body, 'data'), pathOf(asked)).flatMap((row) => {
    const token = fieldOf(row, 'attributes')
    const key = keyOf(fieldOf(token, 'address'))
    const liquidityUsd = amountOf(fieldOf(token, 'total_reserve_in_usd')) ?? 0
    return key !== null && liquidityUsd >= LEAST_LIQUIDITY_USD ? [{ key, token }] : []
  })
  return readObservations(tokens, receivedAt, (row) => {
    const { key, token } = row as { key: string; token: unknown }
    const said = {
      key,
      symbol: fieldOf(token, 'symbol'),
      name: fieldOf(token, 'name'),
      price: fieldOf(token, 'price_usd'),
      volume24h: fieldOf(fieldOf(token, 'volume_usd'), 'h24'),
    }
    return readObservation(said, receivedAt)
  })
}
