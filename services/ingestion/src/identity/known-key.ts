import type { ListedCoin, Mapping } from '@crypto-signals/store'
import type { Observation } from '../observation.ts'
import type { Claim } from './claim.ts'
import { mayPrice } from './currencies.ts'

/** A key of a source, and what is known of what it means. */
export interface KnownKey {
  readonly key: string
  mappingKey: string
  symbol: string | null
  name: string | null
  address: string | null
  currency: string
  /** Of the ground when it was last made out. */
  generation: number
  /** Symbol and name, where they count. */
  nameKey: string | null
  /** What it may be of. */
  claims: readonly Claim[]
  /** What it is of; null while that is not proven. */
  coin: ListedCoin | null
  multiplier: number
  mapping: Mapping | null
  mayPrice: boolean
  seenAtMs: number
  /** Its price is not compared again before. */
  checkAtMs: number
  /** As said, when it was last compared. */
  checkedPrice: number
  /** It is silent: it was off by a power of ten, and did not agree since. */
  isSuspended: boolean
  /** It was so far off that it speaks for the coin only where nothing else does. */
  isOff: boolean
  /** Occasions that count for it while it is not proven, against it once it is. */
  occasions: Occasions
}

export interface Occasions {
  count: number
  lastAtMs: number
  price: number
  referencePrice: number
}

export const NO_OCCASIONS: Occasions = { count: 0, lastAtMs: Number.NEGATIVE_INFINITY, price: 0, referencePrice: 0 }

const NOT_DOUBTED = { isSuspended: false, isOff: false, occasions: NO_OCCASIONS }

export const newKey = (key: string): KnownKey => ({
  key,
  mappingKey: '',
  symbol: null,
  name: null,
  address: null,
  currency: '',
  generation: -1,
  nameKey: null,
  claims: [],
  coin: null,
  multiplier: 1,
  mapping: null,
  mayPrice: false,
  seenAtMs: 0,
  checkAtMs: 0,
  checkedPrice: 0,
  ...NOT_DOUBTED,
})

/** Whether a row says of the key what rows before it said. */
export const isUnchanged = (known: KnownKey, row: Observation): boolean =>
  known.symbol === row.symbol &&
  known.currency === row.currency &&
  known.name === row.name &&
  known.address === (row.contract?.address ?? null)

/** The key is of that coin from now on. */
export function settleKey(known: KnownKey, coin: ListedCoin, mapping: Mapping): void {
  if (known.mapping !== mapping) Object.assign(known, NOT_DOUBTED)
  known.checkAtMs = 0
  known.coin = coin
  known.multiplier = mapping.multiplier
  known.mapping = mapping
  known.mayPrice = mayPrice(known.currency, coin.id)
}

/** It is not known any more what the key is of. */
export function unsettleKey(known: KnownKey): void {
  known.coin = null
  known.mapping = null
  known.multiplier = 1
  Object.assign(known, NOT_DOUBTED)
}
