import { agree } from '../agreement.ts'
import type { Observation } from '../observation.ts'
import type { BestPairs } from './best-pairs.ts'
import type { Claim } from './claim.ts'
import type { FactorOf } from './common-factors.ts'
import type { Ground } from './ground.ts'
import type { KeyBook } from './key-book.ts'
import type { KnownKey } from './known-key.ts'
import { DROP_TOLERANCE, isProven, isRefuted, MULTIPLE_TOLERANCE } from './proof.ts'

/**
 * Compares prices of an answer with what others say of the coins: proves what is not proven, suspends what is off by a power of ten (as
 * after a redenomination) until it agrees again or is made out anew, drops what is refuted; what all prices of a currency have in
 * common speaks against no mapping. Where nobody else has said of late what a coin costs, nothing can tell that a key has come to
 * mean something else under its old name.
 */
export type Check = (
  rows: readonly Observation[],
  known: readonly (KnownKey | null)[],
  usdPer: (currency: string) => number | null,
  nowMs: number,
) => void

export function createCheck(source: string, ground: Ground, keys: KeyBook, best: BestPairs): Check {
  const { reference, currencies, factors } = ground
  const prove = createProof(ground, keys, best)
  const compare = (known: KnownKey, coinId: string, priced: Priced, nowMs: number): Compared | null => {
    const referencePrice = reference.priceAt(coinId, priced.observedAtMs, best.coins.has(coinId))
    if (referencePrice === null) return null
    const price = priced.priceUsd / known.multiplier
    const off = { source, currency: known.currency, coinId, factor: price / referencePrice }
    factors.note(off, nowMs)
    return { known, priced, price, referencePrice, off }
  }
  const judge = ({ known, priced, price, referencePrice, off }: Compared, nowMs: number) => {
    known.isOff = !agree(price, referencePrice, OFF_TOLERANCE)
    if (agree(price, referencePrice, DROP_TOLERANCE)) known.isSuspended = false
    else {
      if (isPowerOfTen(off.factor)) suspend(known, off.coinId, best)
      if (!currencies.isCertain(off.currency) || factors.isCommon(off)) return
      if (known.isSuspended && prove(known, priced, nowMs, isMultiple)) return
    }
    if (!isRefuted(known, { price, referencePrice, nowMs })) return
    best.forget(off.coinId, known.key)
    keys.drop(known, `its price was ${price.toPrecision(4)} where others had ${referencePrice.toPrecision(4)}`, nowMs)
  }
  return (rows, known, usdPer, nowMs) => {
    const compared: Compared[] = []
    for (const [index, row] of rows.entries()) {
      const key = known[index]
      if (!key || key.claims.length === 0 || !isDue(key, row, nowMs)) continue
      const usd = usdPer(row.currency)
      const priced = usd === null ? null : pricedOf(key, row, usd, nowMs)
      if (priced === null) continue
      if (key.coin === null) prove(key, priced, nowMs, isAny)
      const one = key.coin === null ? null : compare(key, key.coin.id, priced, nowMs)
      if (one !== null) compared.push(one)
    }
    for (const one of compared) judge(one, nowMs)
  }
}

/** Settles a key as the first of the claims that its price bears out; whether there is one. */
function createProof({ reference }: Ground, keys: KeyBook, best: BestPairs) {
  const isBelieved = (known: KnownKey, { coin, multiplier, proof }: Claim, priced: Priced, nowMs: number) => {
    if (proof === 'none') return true
    const referencePrice = reference.priceAt(coin.id, priced.observedAtMs, best.coins.has(coin.id))
    if (referencePrice === null) return false
    const price = priced.priceUsd / multiplier
    if (proof === 'price') return agree(price, referencePrice, MULTIPLE_TOLERANCE)
    return isProven(known, { price, referencePrice, nowMs })
  }
  return (known: KnownKey, priced: Priced, nowMs: number, isMeant: (claim: Claim) => boolean): boolean => {
    const claims = keys.openClaims(known, nowMs).filter(isMeant)
    const claim = claims.find((one) => isBelieved(known, one, priced, nowMs))
    if (claim !== undefined) keys.settle(known, claim, nowMs)
    return claim !== undefined
  }
}

const isAny = () => true
const isMultiple = ({ proof }: Claim) => proof === 'price'

interface Priced {
  priceUsd: number
  observedAtMs: number
}

interface Compared {
  known: KnownKey
  priced: Priced
  price: number
  referencePrice: number
  off: FactorOf
}

/** Older prices are compared with nothing, and speak only where no other pair does. */
export const ROW_FRESH_MS = 15 * 60_000
const CHECK_EVERY_MS = 60_000
const JUMP = 0.5
/** A pair so far off speaks only where no other does. */
const OFF_TOLERANCE = 0.5

/** Whether it is time to compare the key's price again, or the price jumped. */
const isDue = (known: KnownKey, { price }: Observation, nowMs: number) =>
  nowMs >= known.checkAtMs || (price !== null && !agree(price, known.checkedPrice, JUMP))

/** What is compared of a row, if anything; not again for a while. */
function pricedOf(known: KnownKey, { price, observedAtMs }: Observation, usd: number, nowMs: number): Priced | null {
  known.checkAtMs = nowMs + CHECK_EVERY_MS
  if (!price || nowMs - observedAtMs > ROW_FRESH_MS) return null
  known.checkedPrice = price
  return { priceUsd: price * usd, observedAtMs }
}

function suspend(known: KnownKey, coinId: string, best: BestPairs): void {
  known.isSuspended = true
  best.forget(coinId, known.key)
}

/** From ten to a million, or from a millionth to a tenth. */
function isPowerOfTen(factor: number): boolean {
  const times = Math.max(factor, 1 / factor)
  const digits = Math.round(Math.log10(times))
  return digits >= 1 && digits <= 6 && agree(times, 10 ** digits, MULTIPLE_TOLERANCE)
}
