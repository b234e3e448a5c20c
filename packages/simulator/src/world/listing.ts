import type { Coin } from '../market/coin.ts'
import { chance, drawsOf, gaussian, hash, seedOf } from '../market/hash.ts'
import { COINS } from './fiat.ts'
import type { World } from './world.ts'

/** What an exchange lists, in a world of 17,200 coins; fewer in a smaller one. */
export interface ListingOptions {
  name: string
  coins: number
  /** How much its taste differs from going by volume: large exchanges 1, those that list everything 3. */
  taste: number
  /** By quote currency, the share of its coins that have such a pair. The first has them all. */
  quotes: Readonly<Record<string, number>>
  multipliers: boolean
  leveraged: boolean
  /** What it calls some symbols. */
  renamed?: Readonly<Record<string, string>>
}

export interface Pair {
  /** As the exchange writes them. */
  readonly base: string
  readonly quote: string
  /** Position of the coin; null where it is a leveraged token, which is no coin. */
  readonly index: number | null
  readonly multiplier: number
  /** Draws on it that do not change. */
  readonly seed: number
}

/** The pairs of an exchange, the same for the same world. */
export const pairsOf = (world: World, options: ListingOptions): readonly Pair[] => {
  const taken = new Map<string, number>()
  const quotes = Object.keys(options.quotes)
  const own = seedOf(world.seed, options.name)
  const pairs = chosenOf(world, options, own).flatMap((index) => coinPairs(world, options, { index, own, taken }))
  const leveraged = options.leveraged ? LEVERAGED.map((base) => ({ base, quote: quotes[0] ?? 'USDT' })) : []
  return [
    ...pairs,
    ...currencyPairs(world, quotes, own),
    ...leveraged.map((pair, at) => ({ ...pair, index: null, multiplier: 1, seed: hash(own, at) })),
  ]
}

const LEVERAGED = ['BTC3L', 'BTC3S', 'ETH3L', 'ETH3S', 'BTCUP', 'BTCDOWN']

const chosenOf = (world: World, { coins, taste }: ListingOptions, own: number): number[] => {
  const count = Math.max(10, Math.ceil((coins * world.market.coins.length) / 17_200))
  const wanted = world.bySize().filter((index) => listable(world.coinAt(index)))
  const score = new Map(
    wanted.map((index) => {
      const { baseVolumeUsd, seed } = world.coinAt(index)
      return [index, Math.log10(baseVolumeUsd) + taste * gaussian(drawsOf(seed ^ own))]
    }),
  )
  return wanted.toSorted((a, b) => (score.get(b) ?? 0) - (score.get(a) ?? 0)).slice(0, count)
}

const listable = ({ state, rehypothecated, symbol, id }: Coin): boolean =>
  state === 'live' && !rehypothecated && /^[\p{L}\p{N}]{1,12}$/u.test(symbol) && !(id === 'tether')

const coinPairs = (
  world: World,
  { quotes, multipliers, renamed }: ListingOptions,
  { index, own, taken }: { index: number; own: number; taken: Map<string, number> },
): Pair[] => {
  const coin = world.coinAt(index)
  const multiplier = multipliers ? multiplierOf(coin.basePriceUsd) : 1
  const plain = freeSymbol(coin, taken)
  taken.set(plain, index)
  const named = renamed?.[plain] ?? plain
  const base = multiplier === 1 ? named : `${multiplier}${named}`
  return Object.entries(quotes)
    .filter(([quote, share], at) => COINS[quote] !== coin.id && (at === 0 || chance(coin.seed ^ own, 60 + at) < share))
    .map(([quote], at) => ({
      base,
      quote: renamed?.[quote] ?? quote,
      index,
      multiplier,
      seed: hash(coin.seed ^ own, at),
    }))
}

// As exchanges do: whoever comes second gets a longer symbol.
const freeSymbol = ({ id, symbol, name }: Coin, taken: ReadonlyMap<string, number>): string => {
  const wanted = symbol.toUpperCase()
  if (!taken.has(wanted) && !(wanted in COINS && COINS[wanted] !== id)) return wanted
  const letters = name.toUpperCase().replace(/[^A-Z]/g, '') || 'X'
  for (let length = 1; ; length++) {
    const longer = wanted + letters.slice(0, length).padEnd(length, 'X')
    if (!taken.has(longer)) return longer
  }
}

const multiplierOf = (priceUsd: number): number => (priceUsd < 1e-8 ? 1_000_000 : priceUsd < 1e-5 ? 1_000 : 1)

/** What one quote currency costs in another: it takes these to turn prices into dollars. */
const currencyPairs = (world: World, quotes: readonly string[], own: number): Pair[] => {
  const index = world.market.indexOf('tether')
  if (index === undefined) return []
  return quotes
    .filter((quote) => !(quote in COINS))
    .map((quote) => ({ base: 'USDT', quote, index, multiplier: 1, seed: hash(own, quote.length) }))
}
