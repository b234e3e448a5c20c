import { type Character, claimOn, inventedOf, knownOf } from './character.ts'
import type { Coin } from './coin.ts'
import { type Draw, drawsOf, hash, pick } from './hash.ts'
import { CHAINS, KNOWN_COINS, ODD_COINS } from './listings.ts'
import { nameOf, slugOf } from './names.ts'
import { symbolsOf } from './symbols.ts'

/** All coins of a simulated market, by ascending id. */
export const universeOf = (seed: number, count: number): Coin[] => {
  const coins: Coin[] = []
  const ids = new Set<string>()
  const invent = inventorOf(seed, count, coins)
  for (let index = 0; index < count; index++) {
    const coinSeed = hash(seed, index + 1_000)
    const { listing, character } = invent(index, coinSeed)
    const { symbol, name } = listing
    coins.push({ ...character, id: freeId(listing.id ?? slugOf(name), ids), symbol, name, seed: coinSeed })
  }
  return coins.sort((a, b) => (a.id < b.id ? -1 : 1))
}

interface Listing {
  readonly id?: string
  readonly symbol: string
  readonly name: string
}

const inventorOf = (seed: number, count: number, coins: readonly Coin[]) => {
  const listingOf = listings(seed, count, coins)
  // The odd ones are spread over all sizes of coins; a small market has them too.
  const oddEvery = Math.max(2, Math.floor(count / 40))
  return (index: number, coinSeed: number): { listing: Listing; character: Character } => {
    const draw = drawsOf(coinSeed)
    const known = KNOWN_COINS[index]
    if (known !== undefined) return { listing: known, character: knownOf(coinSeed, known, draw) }
    const odd = index % oddEvery === 0 ? ODD_COINS[index / oddEvery - 1] : undefined
    if (odd !== undefined) return { listing: odd, character: inventedOf(coinSeed, draw) }
    const base = draw() < 0.06 ? baseOf(coins, draw) : undefined
    if (base !== undefined) return { listing: claimNameOf(base, draw), character: claimOn(base, draw) }
    return { listing: listingOf(index, draw), character: inventedOf(coinSeed, draw) }
  }
}

// The shares are those of the real list: more than a third of the coins share a symbol, some even the name with it.
const listings = (seed: number, count: number, coins: readonly Coin[]) => {
  const symbols = symbolsOf(seed, count)
  for (const { symbol } of [...KNOWN_COINS, ...ODD_COINS]) symbols.take(symbol)
  return (index: number, draw: Draw): Listing => {
    if (draw() < 0.012) {
      const { symbol, name } = pick(coins, draw)
      return { symbol, name }
    }
    const name = nameOf(draw)
    if (index % 3_400 === 3_399) return { symbol: '', name }
    return { symbol: draw() < 0.36 ? symbols.shared(draw) : symbols.own(name, draw), name }
  }
}

// Most claims are on the few largest coins.
const baseOf = (coins: readonly Coin[], draw: Draw): Coin | undefined => {
  const base = draw() < 0.7 ? pick(coins.slice(0, KNOWN_COINS.length), draw) : pick(coins, draw)
  return base.state === 'live' && base.supply > 0 && !base.rehypothecated && !base.young ? base : undefined
}

const claimNameOf = ({ symbol, name }: Coin, draw: Draw): Listing => {
  const chain = pick(CHAINS, draw)
  const shapes: readonly Listing[] = [
    { symbol: `w${symbol}`, name: `Wrapped ${name}` },
    { symbol: `w${symbol}`, name: `Wrapped ${name} (${chain})` },
    { symbol, name: `Bridged ${name} (${chain})` },
    { symbol: `${symbol}.e`, name: `${chain} Bridged ${name}` },
    { symbol: `st${symbol}`, name: `Staked ${name}` },
  ]
  return pick(shapes, draw)
}

const freeId = (id: string, ids: Set<string>): string => {
  let free = id
  for (let copy = 2; ids.has(free); copy++) free = `${id}-${copy}`
  ids.add(free)
  return free
}
