import { type Candidate, MAX_CANDIDATES } from '@crypto-signals/contracts'
import { queryError } from '../errors.ts'
import type { CoinTable } from '../read-model/coins.ts'

/** The coins that have a symbol, by rank, those without one last. */
export function candidatesOf(coins: CoinTable, symbol: string): Candidate[] {
  const { rows } = coins.page('marketCapRank', { offset: 0, limit: MAX_CANDIDATES }, { symbol })
  return Array.from(rows, (slot) => candidateOf(coins, slot))
}

/** Nothing is known by this id. Whoever took a symbol for an id is told whose it is, and chooses himself. */
export function unknownCoin(coins: CoinTable, coinId: string) {
  const candidates = candidatesOf(coins, coinId)
  const message = candidates.length === 0 ? 'is not a known coin' : 'is the symbol of a coin, not its id'
  return queryError('QUERY_COIN_NOT_FOUND', [{ path: 'params/coinId', message }], candidates)
}

function candidateOf(coins: CoinTable, slot: number): Candidate {
  const { coinId, symbol, name, marketCapRank } = coins.read(slot)
  return { coinId, symbol, name, marketCapRank }
}
