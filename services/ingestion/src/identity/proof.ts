import { agree } from '../agreement.ts'
import { type KnownKey, NO_OCCASIONS, type Occasions } from './known-key.ts'

/** A multiple is settled by one price this near: others are a thousandfold away. */
export const MULTIPLE_TOLERANCE = 0.1

interface Compared {
  price: number
  referencePrice: number
  nowMs: number
}

/** Takes a comparison of a key that is not proven; whether its prices have now agreed on enough occasions, each time other ones. */
export function isProven(known: KnownKey, compared: Compared): boolean {
  const { price, referencePrice, nowMs } = compared
  if (!agree(price, referencePrice, PROOF_TOLERANCE)) {
    known.occasions = NO_OCCASIONS
    return false
  }
  const last = known.occasions
  const isAnother = price !== last.price && referencePrice !== last.referencePrice
  if (isAnother && nowMs - last.lastAtMs >= APART_MS) known.occasions = oneMore(last, compared)
  return known.occasions.count >= OCCASIONS_FOR
}

/** Takes a comparison of a key that is proven; whether it has now been wrong on enough occasions, and never right in between. */
export function isRefuted(known: KnownKey, compared: Compared): boolean {
  const last = known.occasions
  if (agree(compared.price, compared.referencePrice, DROP_TOLERANCE)) known.occasions = NO_OCCASIONS
  else if (compared.nowMs - last.lastAtMs >= APART_MS) known.occasions = oneMore(last, compared)
  return known.occasions.count >= OCCASIONS_AGAINST
}

const PROOF_TOLERANCE = 0.05
const OCCASIONS_FOR = 3
/** What is nearer may be the same coin. */
export const DROP_TOLERANCE = 0.25
const OCCASIONS_AGAINST = 5
const APART_MS = 10 * 60_000

const oneMore = ({ count }: Occasions, { price, referencePrice, nowMs }: Compared): Occasions => ({
  count: count + 1,
  lastAtMs: nowMs,
  price,
  referencePrice,
})
