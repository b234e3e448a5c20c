import type { Sighting } from '../identity/sighting.ts'
import type { SourceFacts } from '../source.ts'
import type { MergedCoin } from './merged-coin.ts'
import { choosePrice, freshPrices, isOutlier } from './price-choice.ts'
import { supersedes } from './said.ts'

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
  const { priceUsd, volumeUsd24h, observedAtMs } = sighting
  if (priceUsd === null) {
    const said = { source: facts.name, observedAtMs }
    if (supersedes(said, coin.unpriced)) coin.unpriced = said
    return 'taken'
  }
  const index = coin.prices.findIndex(({ source }) => source.name === facts.name)
  const last = coin.prices[index]
  if (last !== undefined && (observedAtMs - last.observedAtMs || receivedAt - last.receivedAt) < 0) return 'late'
  const said = { source: facts, priceUsd, volumeUsd24h: volumeUsd24h ?? Number.NaN, observedAtMs, receivedAt }
  coin.prices[index < 0 ? coin.prices.length : index] = said
  const fresh = freshPrices(coin.prices)
  coin.price = choosePrice(fresh)
  coin.fresh = fresh.length
  return coin.price !== said && isOutlier(said, fresh) ? 'held back' : 'taken'
}
