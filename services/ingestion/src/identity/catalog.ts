import type { ListedCoin } from '@crypto-signals/store'
import { comparableAddress } from '../contract-address.ts'
import { nameKeyOf } from './symbol.ts'

/** The listed coins, by all that other sources may call them. */
export interface Catalog {
  get(coinId: string): ListedCoin | null
  /** The one coin of this symbol and name (see `nameKeyOf`); null if there is none or more than one. */
  named(nameKey: string): ListedCoin | null
  /** The one coin of this contract (see `contractKeyOf`); null if there is none or more than one. */
  atContract(contractKey: string): ListedCoin | null
}

export function createCatalog(coins: readonly ListedCoin[]): Catalog {
  const byId = new Map<string, ListedCoin>()
  const byName = new Map<string, ListedCoin | null>()
  const byContract = new Map<string, ListedCoin | null>()
  for (const coin of coins) {
    if (byId.has(coin.id)) continue
    byId.set(coin.id, coin)
    const nameKey = nameKeyOf(coin.symbol, coin.name)
    if (nameKey !== null) putOnly(byName, nameKey, coin)
    for (const { platform, address } of contractsOf(coin)) putOnly(byContract, contractKeyOf(platform, address), coin)
  }
  return {
    get: (coinId) => byId.get(coinId) ?? null,
    named: (nameKey) => byName.get(nameKey) ?? null,
    atContract: (contractKey) => byContract.get(contractKey) ?? null,
  }
}

/** What is two coins' is nobody's. */
const putOnly = (map: Map<string, ListedCoin | null>, key: string, coin: ListedCoin) =>
  map.set(key, map.has(key) ? null : coin)

/** A coin that is no token is listed with an empty platform. */
export const contractsOf = (coin: ListedCoin): { platform: string; address: string }[] =>
  Object.entries(coin.platforms)
    .filter(([platform, address]) => platform !== '' && address !== '')
    .map(([platform, address]) => ({ platform, address: comparableAddress(address) }))

/** `<platform>:<address>`, as sources of contracts name what they price. */
export const contractKeyOf = (platform: string, address: string): string => `${platform}:${comparableAddress(address)}`

/** The same of a key that a source wrote. */
export function contractKeyIn(key: string): string {
  const colon = key.indexOf(':')
  return contractKeyOf(key.slice(0, colon), key.slice(colon + 1))
}
