import { chance, hash, seedOf } from '../market/hash.ts'
import { slugOf } from '../market/names.ts'
import type { World } from './world.ts'

/** A coin under an aggregator's own id. */
export interface Entry {
  readonly index: number
  readonly symbol: string
  readonly name: string
  readonly slug: string
  /** From 1, as it orders them. */
  readonly rank: number
  /** Draws on it that do not change. */
  readonly seed: number
}

/** The coins that an aggregator lists, largest first; some under another name than CoinGecko's. */
export const catalogueOf = (
  world: World,
  { name, share, atMost, renamed }: { name: string; share: number; atMost: number; renamed: number },
): readonly Entry[] => {
  const own = seedOf(world.seed, name)
  const slugs = new Set<string>()
  return world
    .bySize()
    .filter((index) => {
      const { state, symbol, seed } = world.coinAt(index)
      return state !== 'unpriced' && symbol !== '' && chance(seed ^ own, 70) < share
    })
    .slice(0, atMost)
    .map((index, place) => {
      const coin = world.coinAt(index)
      const seed = hash(coin.seed, own)
      const shown = chance(seed, 71) < renamed ? `${coin.name} Token` : coin.name
      return {
        index,
        symbol: coin.symbol.toUpperCase(),
        name: shown,
        slug: freeSlug(shown, slugs),
        rank: place + 1,
        seed,
      }
    })
}

const freeSlug = (name: string, slugs: Set<string>): string => {
  const slug = slugOf(name)
  let free = slug
  for (let copy = 2; slugs.has(free); copy++) free = `${slug}-${copy}`
  slugs.add(free)
  return free
}
