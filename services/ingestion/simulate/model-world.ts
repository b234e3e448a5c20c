import type { ListedCoin } from '@crypto-signals/store'
import {
  ASSUMPTIONS,
  LISTED_COINS,
  MAPPED_PAIRS_SHARE,
  PAGED,
  TOKENS,
  TRADE_EVERY_MS,
  TRADE_STREAM,
  TRADED_COINS,
  UNPRICED_SHARE,
} from './assumptions.ts'
import { chance } from './chance.ts'
import type { Ids } from './ids.ts'

/** Which coin is on which source, by the assumptions: the same for the same ids. */
export interface ModelWorld {
  readonly coins: readonly ListedCoin[]
  indexOf(coinId: string): number
  /** Positions of coins, largest first. */
  readonly bySize: readonly number[]
  /** 1 where a price exists at all. */
  readonly priced: Uint8Array
  /** 1 where an exchange trades it. */
  readonly traded: Uint8Array
  /** 1 where the source knows it; nowhere if nothing is assumed of it. */
  knownTo(source: string): Uint8Array
  /** Its coins in its own order, -1 where it lists one that is none of ours. */
  pagesOf(source: string): Int32Array
  /** On the stream, the time between two trades; 0 where it is not on it. */
  readonly tradeEveryMs: Uint32Array
}

export const modelWorldOf = (ids: Ids['coins']): ModelWorld => {
  const scale = ids.length / LISTED_COINS
  const coins = ids.map((coin) => ({ ...coin, platforms: platformsOf(coin.id) }))
  const indexes = new Map(coins.map(({ id }, index) => [id, index]))
  const bySize = orderedBy(coins, ({ id }) => chance(id, 'size'))
  const priced = Uint8Array.from(coins, ({ id }) => Number(chance(id, 'priced') >= UNPRICED_SHARE))
  const count = (coinsOfAll: number) => Math.max(1, Math.round(coinsOfAll * scale))
  const known = new Map(
    Object.keys(ASSUMPTIONS).map((source) => [source, knownOf({ source, coins, bySize, priced, count })]),
  )
  const traded = tradedOf({ coins, bySize, priced, known, count })
  return {
    coins,
    indexOf: (coinId) => indexes.get(coinId) ?? -1,
    bySize,
    priced,
    traded,
    knownTo: (source) => known.get(source) ?? new Uint8Array(coins.length),
    pagesOf: (source) => pagesOf(bySize, known.get(source), count(PAGED[source] ?? 0)),
    tradeEveryMs: tradesOf(bySize, known.get(TRADE_STREAM)),
  }
}

const PLATFORMS = [
  ['ethereum', 0.4],
  ['solana', 0.7],
  ['binance-smart-chain', 0.85],
  ['base', 0.94],
  ['polygon-pos', 1],
] as const

const platformsOf = (id: string): Record<string, string> => {
  if (chance(id, 'token') >= TOKENS / LISTED_COINS) return {}
  const at = chance(id, 'platform')
  const name = PLATFORMS.find(([, below]) => at < below)?.[0] ?? 'ethereum'
  const digits = Math.floor(chance(id, 'address') * 2 ** 48).toString(16)
  return { [name]: name === 'solana' ? digits.padStart(44, 'A') : `0x${digits.padStart(40, '0')}` }
}

const orderedBy = (coins: readonly ListedCoin[], keyOf: (coin: ListedCoin) => number): number[] => {
  const keys = coins.map(keyOf)
  return coins.map((_, index) => index).sort((a, b) => (keys[a] as number) - (keys[b] as number))
}

const EXCHANGES = ['binance', 'bybit', 'okx', 'kraken', 'kucoin', 'gate', 'mexc', 'bitget', 'coinbase']
const DEXES = ['dexscreener', 'geckoterminal']

interface Knowing {
  source: string
  coins: readonly ListedCoin[]
  bySize: readonly number[]
  priced: Uint8Array
  count: (coinsOfAll: number) => number
}

/** An exchange takes from the largest coins, the more the fewer it lists; a page source too; of the others anything. */
const knownOf = ({ source, coins, bySize, priced, count }: Knowing): Uint8Array => {
  const known = new Uint8Array(coins.length)
  const wanted = count(ASSUMPTIONS[source]?.coins ?? 0)
  const isExchange = EXCHANGES.includes(source)
  const pool = isExchange ? bySize.slice(0, count(TRADED_COINS)) : bySize
  const inPool = pool.filter((index) => !DEXES.includes(source) || hasContract(coins[index]))
  const share = wanted / inPool.length
  let left = wanted
  for (const [place, index] of inPool.entries()) {
    const coin = coins[index]
    if (coin === undefined || left === 0) continue
    // Twice the share for the largest, less and less down to none for the least.
    const odds = isExchange ? share * 2 * (1 - place / inPool.length) : share
    if (chance(coin.id, isExchange ? source : DEXES.includes(source) ? 'pool' : source) >= odds) continue
    left--
    known[index] = Number(
      priced[index] === 1 && (!isExchange || chance(coin.id, `${source} pair`) < MAPPED_PAIRS_SHARE),
    )
  }
  return known
}

const hasContract = (coin: ListedCoin | undefined) => coin !== undefined && Object.keys(coin.platforms).length > 0

const tradedOf = ({
  coins,
  bySize,
  priced,
  known,
  count,
}: Omit<Knowing, 'source'> & { known: ReadonlyMap<string, Uint8Array> }): Uint8Array => {
  const traded = new Uint8Array(coins.length)
  const last = known.get('mexc')
  for (const index of bySize.slice(0, count(TRADED_COINS))) {
    if (priced[index] === 0) continue
    traded[index] = 1
    const somewhere = EXCHANGES.some((exchange) => known.get(exchange)?.[index] === 1)
    // What no other took is on the exchange that lists the most, mapped or not.
    if (!somewhere && last !== undefined)
      last[index] = Number(chance(coins[index]?.id ?? '', 'mexc pair') < MAPPED_PAIRS_SHARE)
  }
  return traded
}

const pagesOf = (bySize: readonly number[], known: Uint8Array | undefined, listed: number): Int32Array => {
  const pages = new Int32Array(listed).fill(-1)
  const ours = bySize.filter((index) => known?.[index] === 1)
  // Spread evenly among those that are none of ours.
  for (const [place, index] of ours.entries()) pages[Math.floor((place * listed) / ours.length)] = index
  return pages
}

const tradesOf = (bySize: readonly number[], onStream: Uint8Array | undefined): Uint32Array => {
  const every = new Uint32Array(bySize.length)
  const ours = bySize.filter((index) => onStream?.[index] === 1)
  const { busiest, quietest } = TRADE_EVERY_MS
  for (const [place, index] of ours.entries()) every[index] = busiest + ((quietest - busiest) * place) / ours.length
  return every
}
