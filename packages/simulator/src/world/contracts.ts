import type { Coin } from '../market/coin.ts'
import { chance, hash, seedOf } from '../market/hash.ts'

/** Where a coin's tokens are, by CoinGecko's name of the platform; empty for a coin of its own chain. */
export const contractsOf = (coin: Coin): Readonly<Record<string, string>> => {
  const { seed, id } = coin
  if (NATIVE.has(id) || (!ISSUED.has(id) && chance(seed, 30) >= SHARE)) return {}
  const platforms = PLATFORMS.filter(({ share }, index) => chance(seed, 31 + index) < share)
  const home = platforms[0] ?? ETHEREUM
  const all = platforms.length > 0 && chance(seed, 45) < 0.15 ? platforms : [home]
  return Object.fromEntries(all.map(({ name }) => [name, addressOf(seed, name)]))
}

// 12,000 of 17,200.
const SHARE = 0.7
const NATIVE = new Set(['bitcoin', 'ethereum', 'ripple', 'binancecoin', 'solana', 'dogecoin', 'cardano'])
const ISSUED = new Set(['tether', 'usd-coin'])

export interface Platform {
  readonly name: string
  readonly dexscreener: string
  readonly geckoterminal: string
  /** Of the tokens. */
  readonly share: number
}

const ETHEREUM: Platform = { name: 'ethereum', dexscreener: 'ethereum', geckoterminal: 'eth', share: 0.4 }

/** Platforms, and what the markets of decentralised exchanges call them. */
export const PLATFORMS: readonly Platform[] = [
  ETHEREUM,
  { name: 'solana', dexscreener: 'solana', geckoterminal: 'solana', share: 0.3 },
  { name: 'binance-smart-chain', dexscreener: 'bsc', geckoterminal: 'bsc', share: 0.25 },
  { name: 'base', dexscreener: 'base', geckoterminal: 'base', share: 0.12 },
  { name: 'polygon-pos', dexscreener: 'polygon', geckoterminal: 'polygon_pos', share: 0.1 },
  { name: 'arbitrum-one', dexscreener: 'arbitrum', geckoterminal: 'arbitrum', share: 0.06 },
  { name: 'avalanche', dexscreener: 'avalanche', geckoterminal: 'avax', share: 0.04 },
]

const addressOf = (seed: number, platform: string): string => {
  const own = seedOf(seed, platform)
  const word = (index: number) => hash(own, 100 + index)
  if (platform !== 'solana')
    return `0x${Array.from({ length: 5 }, (_, index) => word(index).toString(16).padStart(8, '0')).join('')}`
  return Array.from({ length: 44 }, (_, index) => BASE58[word(index) % BASE58.length]).join('')
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** An address as explorers show it, in mixed case where case says nothing. */
export const checksummed = (address: string): string =>
  address.replace(/(?<=^0x.*)[a-f]/g, (letter, at: number) =>
    hash(at, letter.charCodeAt(0)) % 2 === 0 ? letter.toUpperCase() : letter,
  )
