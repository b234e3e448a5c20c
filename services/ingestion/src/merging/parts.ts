import { CHANGE_SPANS } from '@crypto-signals/contracts'
import type { Sighting } from '../identity/sighting.ts'
import type { SourceFacts } from '../source.ts'
import { type IsAggregator, isBase, type MergedCoin } from './merged-coin.ts'
import { type Said, supersedes } from './said.ts'

/** Takes over what a sighting says besides the price, as far as nobody said something fresher; tells whether that was anything. */
export function takeParts(
  coin: MergedCoin,
  facts: SourceFacts,
  sighting: Sighting,
  isAggregator: IsAggregator,
): boolean {
  const said: Said = { source: facts.name, observedAtMs: sighting.observedAtMs }
  const taken = [takeRange(coin, said, sighting, isAggregator), takeHistory(coin, said, sighting)]
  // An exchange knows its own pairs and not the market.
  if (facts.kind === 'aggregator') {
    taken.push(takeNames(coin, facts, sighting), takeVolume(coin, said, sighting), takeSupply(coin, said, sighting))
  }
  return taken.includes(true)
}

function takeNames(coin: MergedCoin, facts: SourceFacts, { symbol, name, image, marketCapRank }: Sighting): boolean {
  const { symbol: oldSymbol, name: oldName, image: oldImage, rank } = coin
  if (isBase(facts)) {
    coin.isNamed = true
    coin.symbol = symbol ?? coin.symbol
    coin.name = name ?? coin.name
    coin.image = image ?? coin.image
    // It would say so if the coin had one.
    coin.rank = marketCapRank
  } else if (!coin.isNamed) {
    coin.symbol ??= symbol?.toLowerCase() ?? null
    coin.name ??= name
    coin.image ??= image
    coin.rank = marketCapRank ?? coin.rank
  }
  return coin.symbol !== oldSymbol || coin.name !== oldName || coin.image !== oldImage || coin.rank !== rank
}

/** One exchange's range is better than none, and worse than the market's. */
function takeRange(coin: MergedCoin, said: Said, sighting: Sighting, isAggregator: IsAggregator): boolean {
  const { high24hUsd: high, low24hUsd: low } = sighting
  if (high === null && low === null) return false
  const held = coin.range
  const isWhole = isAggregator(said.source)
  const wins = held === null || isAggregator(held.source) === isWhole ? supersedes(said, held) : isWhole
  if (wins) coin.range = { ...said, high, low }
  return wins
}

function takeVolume(coin: MergedCoin, said: Said, { volumeUsd24h }: Sighting): boolean {
  if (volumeUsd24h === null || !supersedes(said, coin.volume)) return false
  coin.volume = { ...said, amount: volumeUsd24h }
  return true
}

function takeSupply(coin: MergedCoin, said: Said, { circulatingSupply, marketCapUsd }: Sighting): boolean {
  if (circulatingSupply === null && marketCapUsd === null) return false
  const before = [coin.supply, coin.marketCap]
  coin.supply = amountOf(coin.supply, said, circulatingSupply)
  coin.marketCap = amountOf(coin.marketCap, said, marketCapUsd)
  return coin.supply !== before[0] || coin.marketCap !== before[1]
}

/** Who says one of the two and not the other takes back what he said of the other. */
function amountOf(held: MergedCoin['supply'], said: Said, amount: number | null): MergedCoin['supply'] {
  if (!supersedes(said, held)) return held
  if (amount !== null) return { ...said, amount }
  return held?.source === said.source ? null : held
}

function takeHistory(coin: MergedCoin, said: Said, { changePct, priceUsd, sparkline }: Sighting): boolean {
  const hasLine = sparkline !== null && sparkline.length > 0 && supersedes(said, coin.sparkline)
  if (hasLine) coin.sparkline = { ...said, points: sparkline }
  const index = coin.changes.findIndex(({ source }) => source === said.source)
  const hasChanges =
    changePct !== null &&
    CHANGE_SPANS.some((span) => changePct[span] !== null) &&
    supersedes(said, coin.changes[index] ?? null)
  if (hasChanges) coin.changes[index < 0 ? coin.changes.length : index] = { ...said, changePct, priceUsd }
  return hasLine || hasChanges
}
