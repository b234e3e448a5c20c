import { apartBy, driftIn, isAggregated, isShared, LEAST_TOLERANCE, rootOf, type SaidPrice } from './said-price.ts'

/**
 * A currency whose rate is wrong, as far as `fresh` shows; null if none is. All exchanges convert it by the same rate, so however many
 * agree, they are one voice: where at least two of them, and none otherwise, are off by the same factor from every one of at least two
 * independent aggregators, and no price that was not converted by that rate says the same, the aggregators are right.
 */
export function wrongRateOf(fresh: readonly SaidPrice[]): string | null {
  for (const price of fresh) {
    const currency = price.convertedFrom
    if (currency !== null && !isAggregated(price) && fresh.find((one) => isOf(one, currency)) === price) {
      if (isWrong(currency, fresh)) return currency
    }
  }
  return null
}

/** Whether an exchange said it in that currency. */
export const isOf = (price: SaidPrice, currency: string): boolean =>
  price.convertedFrom === currency && !isAggregated(price)

// Between exchanges, and between aggregators.
const SAME_FACTOR = 0.01

function isWrong(currency: string, fresh: readonly SaidPrice[]): boolean {
  let [least, most, exchanges] = [Number.POSITIVE_INFINITY, 0, 0]
  for (const price of fresh) {
    if (!isOf(price, currency)) continue
    exchanges++
    for (const other of fresh) {
      if (!isAggregated(other)) continue
      if (!isOff(price, other)) return false
      const factor = price.priceUsd / other.priceUsd
      least = Math.min(least, factor)
      most = Math.max(most, factor)
    }
  }
  return exchanges >= 2 && apartBy(least, most) <= SAME_FACTOR && isJudged(currency, fresh)
}

const isOff = (price: SaidPrice, other: SaidPrice): boolean =>
  apartBy(price.priceUsd, other.priceUsd) > LEAST_TOLERANCE + driftIn(Math.abs(price.observedAtMs - other.observedAtMs))

/** Whether there are two independent aggregators, and nobody else takes the exchanges' side. */
function isJudged(currency: string, fresh: readonly SaidPrice[]): boolean {
  const [judge, ...judges] = fresh.filter(isAggregated)
  if (judge === undefined || judges.every((other) => rootOf(other) === rootOf(judge))) return false
  const accused = fresh.filter((price) => isOf(price, currency))
  return !fresh.some((other) => !isOf(other, currency) && accused.some((price) => isShared(price, other)))
}
