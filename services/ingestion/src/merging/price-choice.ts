import { type Before, disputeOf, settled } from './dispute.ts'
import { driftIn, isAggregated, isShared, LEAST_TOLERANCE, rootOf, type SaidPrice } from './said-price.ts'
import { isOf, wrongRateOf } from './shared-rate.ts'

/**
 * Of what several sources said of one coin, one thing each, what still speaks of now, freshest first. A pair that is hardly traded
 * speaks only where nothing else does; prices converted by a rate that is shown to be wrong do not speak.
 */
export function freshPrices<P extends SaidPrice>(said: readonly P[]): P[] {
  const newestMs = said.reduce((newest, { observedAtMs }) => Math.max(newest, observedAtMs), Number.NEGATIVE_INFINITY)
  const fresh = said.filter(({ observedAtMs }) => newestMs - observedAtMs <= PRICE_FRESH_MS)
  const traded = fresh.some(isThin) ? fresh.filter((price) => !isThin(price)) : fresh
  const speaking = traded.length > 0 ? traded : fresh
  const currency = wrongRateOf(speaking)
  return (currency === null ? speaking : speaking.filter((price) => !isOf(price, currency))).sort(byFreshness)
}

/**
 * The freshest of `fresh` that the others do not speak against; where they speak against each, the freshest that any says too. Null if
 * there is none. What was in use `before` counts only where exactly two voices are at odds (`settled`): else no order of arrival does.
 */
export function choosePrice<P extends SaidPrice>(fresh: readonly P[], before: Before | null = null): P | null {
  const dispute = disputeOf(fresh)
  if (dispute !== null) return settled(dispute, before)
  const isSharedByAny = (price: P) => fresh.some((other) => isShared(price, other))
  return fresh.find((price) => !isOutlier(price, fresh)) ?? fresh.find(isSharedByAny) ?? fresh[0] ?? null
}

/**
 * Whether at least two other independent sources of `fresh` (as `freshPrices` gives them) speak against a price: it is further from their median than 3 %
 * or six times their median absolute deviation, and none of them says the same at about the same time. The 3 % grow with the
 * time that lies between, as the market may have moved since.
 */
export function isOutlier(price: SaidPrice, fresh: readonly SaidPrice[]): boolean {
  // Nearly always somebody says the same: this is done for every quote of every stream.
  if (fresh.some((other) => isSameTime(price, other) && isShared(price, other))) return false
  const others = independentOf(price, fresh)
  if (others.length < 2) return false
  const prices = others.map(({ priceUsd }) => priceUsd)
  const median = medianOf(prices)
  const deviation = medianOf(prices.map((other) => Math.abs(other - median)))
  const tolerance = (LEAST_TOLERANCE + driftIn(gapMs(price, others))) * median
  return Math.abs(price.priceUsd - median) > Math.max(tolerance, DEVIATIONS * deviation)
}

/** Twice the time in which the slower sources come round again, and some for their own lag. */
export const PRICE_FRESH_MS = 30 * 60_000

/** Below it a day, one trade of anybody sets the price of a pair. */
const THIN_USD = 1_000

const DEVIATIONS = 6

// Exchanges are asked every 30 s, so what is true is soon said twice.
const SAME_TIME_MS = 5 * 60_000

const isThin = (price: SaidPrice) => !isAggregated(price) && price.volumeUsd24h < THIN_USD

// By name where they are equally fresh: any order does that does not depend on who came first.
const byFreshness = (a: SaidPrice, b: SaidPrice) =>
  b.observedAtMs - a.observedAtMs || (a.source.name < b.source.name ? -1 : 1)

/** One price, the freshest, of each source that does not share `price`'s root. */
function independentOf(price: SaidPrice, fresh: readonly SaidPrice[]): SaidPrice[] {
  const roots = [rootOf(price)]
  const others: SaidPrice[] = []
  for (const other of fresh) {
    const root = rootOf(other)
    if (roots.includes(root)) continue
    roots.push(root)
    others.push(other)
  }
  return others
}

const isSameTime = (a: SaidPrice, b: SaidPrice) => Math.abs(a.observedAtMs - b.observedAtMs) <= SAME_TIME_MS

/** From `price` to when two of `others` spoke. */
function gapMs(price: SaidPrice, others: readonly SaidPrice[]): number {
  const gaps = others.map(({ observedAtMs }) => Math.abs(price.observedAtMs - observedAtMs)).sort((a, b) => a - b)
  return gaps[1] ?? 0
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
