import type { ListedCoin, Mapping } from '@crypto-signals/store'
import type { Observation } from '../observation.ts'
import type { SourceFacts } from '../source.ts'
import { contractKeyIn, contractKeyOf } from './catalog.ts'
import type { Ground } from './ground.ts'
import { METHODS, type Method } from './mapping-table.ts'
import { pairKeyOf } from './pair-book.ts'
import { looksLeveraged, multiplesIn, nameKeyOf } from './symbol.ts'

/** What a key may mean. */
export interface Claim {
  coin: ListedCoin
  multiplier: number
  method: Method
  /** What it takes to be believed: nothing more, a price that agrees, or prices that agree on several occasions. */
  proof: 'none' | 'price' | 'occasions'
}

/** How the mapping table names what a row is of: pairs by their symbols, so that what is said of them is found. */
export const mappingKeyOf = (facts: SourceFacts, row: Observation): string =>
  facts.keys === 'pair' ? pairKeyOf(row.symbol ?? '', row.currency) : row.key

/** All that a row may be of, the most trusted first; `held` is what its key was found to mean before. */
export function claimsOf(facts: SourceFacts, row: Observation, held: Mapping | undefined, ground: Ground): Claim[] {
  if (facts.keys === 'contract') return claimed(ground.catalog.atContract(contractKeyIn(row.key)), 'contract', 'none')
  if (facts.keys === 'pair') return pairClaims(facts.name, row, ground)
  return facts.keys === 'own-id' ? ownClaims(row, held, ground) : []
}

/** Whether it was found wrong not long ago: what is said again with no more weight than then does not count. */
export function isBarred(claim: Claim, held: Mapping | undefined, nowMs: number): boolean {
  if (held === undefined || held.dropped === null) return false
  if (held.coinId !== claim.coin.id || held.multiplier !== claim.multiplier) return false
  return !outranks(claim.method, held.method) && nowMs - Date.parse(held.dropped.at) < BARRED_MS
}

const BARRED_MS = 7 * 86_400_000

/** Whether the one method is to be trusted more than the other. */
export const outranks = (method: Method, other: string): boolean => {
  const rank = METHODS.indexOf(other as Method)
  return rank === -1 || METHODS.indexOf(method) < rank
}

function claimed(coin: ListedCoin | null, method: Method, proof: Claim['proof']): Claim[] {
  return coin === null ? [] : [{ coin, multiplier: 1, method, proof }]
}

function ownClaims({ contract, symbol, name }: Observation, held: Mapping | undefined, { catalog }: Ground): Claim[] {
  const token = contract ? catalog.atContract(contractKeyOf(contract.platform, contract.address)) : null
  if (token !== null) return claimed(token, 'contract', 'none')
  const nameKey = nameKeyOf(symbol, name)
  const named = nameKey === null ? null : catalog.named(nameKey)
  const proven = held?.dropped === null ? catalog.get(held.coinId) : null
  // A coin that is renamed stays what it was, but a key that goes by the name of another listed coin was given to that one.
  if (proven !== null && (named ?? proven).id === proven.id) return claimed(proven, 'name-and-price', 'none')
  return claimed(named, 'name-and-price', 'occasions')
}

function pairClaims(source: string, { symbol, currency }: Observation, { pairs, catalog }: Ground): Claim[] {
  if (symbol === null) return []
  const coinOf = (base: string) => {
    const found = pairs.coinOf(source, base, currency)
    const coin = found === null ? null : catalog.get(found.coinId)
    return found === null || coin === null || isLeveraged(symbol, coin) ? null : { coin, method: found.method }
  }
  const multiples = multiplesIn(symbol)
  const claims: Claim[] = []
  const itself = coinOf(symbol)
  if (itself !== null) {
    claims.push({ ...itself, multiplier: 1, proof: multiples.length === 0 ? 'none' : 'price' })
    for (const { multiplier } of multiples) claims.push({ ...itself, multiplier, proof: 'price' })
  }
  for (const multiple of multiples) {
    const coin = coinOf(multiple.symbol)?.coin
    if (coin === undefined || coin === itself?.coin) continue
    claims.push({ coin, multiplier: multiple.multiplier, method: 'pairs-of-base', proof: 'price' })
  }
  return claims
}

const isLeveraged = (symbol: string, coin: ListedCoin) =>
  looksLeveraged(symbol) && coin.symbol.toUpperCase() !== symbol.toUpperCase()
