import type { Sighting } from '../identity/sighting.ts'
import type { SourceFacts } from '../source.ts'
import { disputeOf } from './dispute.ts'
import type { MergedCoin, ReceivedPrice } from './merged-coin.ts'
import { choosePrice, freshPrices, isOutlier } from './price-choice.ts'
import { supersedes } from './said.ts'
import { apartBy, LEAST_TOLERANCE, rootOf } from './said-price.ts'

/**
 * Takes in what a sighting says of the price, and chooses the price in use anew. `late`: the source has said something newer before;
 * `held back`: the others speak against it.
 */
export function takePrice(
  coin: MergedCoin,
  facts: SourceFacts,
  sighting: Sighting,
  receivedAt: number,
): 'taken' | 'late' | 'held back' {
  const { priceUsd, observedAtMs } = sighting
  if (priceUsd === null) {
    const said = { source: facts.name, observedAtMs }
    if (supersedes(said, coin.unpriced)) coin.unpriced = said
    return 'taken'
  }
  const index = coin.prices.findIndex(({ source }) => source.name === facts.name)
  const last = coin.prices[index]
  if (last !== undefined && (observedAtMs - last.saidAtMs || receivedAt - last.receivedAt) < 0) return 'late'
  const said = saidPriceOf(facts, sighting, priceUsd, receivedAt)
  const dated = last !== undefined && isStill(said, last) ? { ...said, observedAtMs: last.observedAtMs } : said
  coin.prices[index < 0 ? coin.prices.length : index] = dated
  const fresh = choose(coin, receivedAt)
  return coin.price !== dated && isOutlier(dated, fresh) ? 'held back' : 'taken'
}

const saidPriceOf = (
  source: SourceFacts,
  { volumeUsd24h, convertedFrom, observedAtMs }: Sighting,
  priceUsd: number,
  receivedAt: number,
): ReceivedPrice => ({
  source,
  priceUsd,
  volumeUsd24h: volumeUsd24h ?? Number.NaN,
  convertedFrom,
  observedAtMs,
  receivedAt,
  saidAtMs: observedAtMs,
})

/**
 * Whether an exchange says nothing new: neither price nor volume moved. Most exchanges do not tell when a price was so, and one that
 * stands still there would otherwise look fresh for ever.
 */
function isStill(said: ReceivedPrice, last: ReceivedPrice): boolean {
  const { source, convertedFrom, priceUsd, volumeUsd24h } = said
  if (source.kind !== 'exchange' || convertedFrom !== last.convertedFrom) return false
  if (convertedFrom === null) return priceUsd === last.priceUsd && volumeUsd24h === last.volumeUsd24h
  // Both in dollars follow the currency, their ratio does not.
  const [ratio, lastRatio] = [volumeUsd24h / priceUsd, last.volumeUsd24h / last.priceUsd]
  return apartBy(ratio, lastRatio) <= ROUNDING && apartBy(priceUsd, last.priceUsd) <= LEAST_TOLERANCE
}

// Of a few operations on doubles.
const ROUNDING = 1e-12

/** Chooses the price in use, and gives what it was chosen from. */
function choose(coin: MergedCoin, nowMs: number): ReceivedPrice[] {
  const [fresh, before] = [freshPrices(coin.prices), coin.price]
  coin.price = choosePrice(fresh, before && { price: before, switchedAtMs: coin.switchedAtMs, nowMs })
  coin.fresh = fresh.length
  const isOther = before !== null && coin.price !== null && rootOf(before) !== rootOf(coin.price)
  if (isOther && disputeOf(fresh) !== null) coin.switchedAtMs = nowMs
  return fresh
}
