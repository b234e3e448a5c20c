import type { Contract } from '../demand.ts'
import { addressOf, fieldOf } from './reading.ts'
import { textOf } from './text.ts'

/** The contract that a row's `platform` tells; null if none, or on a platform that we know no other name of. */
export function contractOf(said: unknown): Contract | null {
  const platform = PLATFORMS.get(textOf(fieldOf(said, 'slug'), 64) ?? '')
  const address = addressOf(fieldOf(said, 'token_address'))
  return platform === undefined || address === null ? null : { platform, address }
}

/** CoinGecko's name of a platform by CoinMarketCap's, which is the slug of the platform's own coin and changes with it. */
const PLATFORMS: ReadonlyMap<string, string> = new Map([
  ['ethereum', 'ethereum'],
  ['bnb', 'binance-smart-chain'],
  ['solana', 'solana'],
  ['base', 'base'],
  ['polygon', 'polygon-pos'],
  ['polygon-ecosystem-token', 'polygon-pos'],
  ['arbitrum', 'arbitrum-one'],
  ['optimism-ethereum', 'optimistic-ethereum'],
  ['avalanche', 'avalanche'],
  ['tron', 'tron'],
  ['sui', 'sui'],
  ['aptos', 'aptos'],
  ['toncoin', 'the-open-network'],
  ['fantom', 'fantom'],
  ['cronos', 'cronos'],
  ['near-protocol', 'near-protocol'],
])
