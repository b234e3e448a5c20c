import { instantOf } from '@crypto-signals/clock'
import type { Origins, Quote } from '@crypto-signals/contracts'
import type { BarBook } from '../bars/bar-book.ts'
import { changesOf } from './changes.ts'
import type { IsAggregator, MergedCoin, ReceivedPrice, SaidAmount, SaidRange, SaidSparkline } from './merged-coin.ts'
import { BARS, laterOf, originOf, type Said } from './said.ts'

type PastPrices = Pick<BarBook, 'priceAt' | 'rangeOf' | 'sparklineOf'>

/** What is known of a coin as one quote; null if nothing is. What depends on the price is brought up to the price's time. */
export function mergedQuote(
  known: MergedCoin | undefined,
  receivedAt: number,
  bars: PastPrices,
  isAggregator: IsAggregator,
): Quote | null {
  if (known === undefined) return null
  const coin = datedAsQuote(known)
  const { price } = coin
  const observed = price === null ? coin.unpriced : saidOf(price)
  if (observed === null) return null
  const [range, volume, cap] = [rangeOf(coin, bars), volumeOf(coin, isAggregator), capOf(coin)]
  const [changes, sparkline] = [changesNow(coin, bars), sparklineOf(coin, bars)]
  const origins: Origins = {
    range: originOf(range),
    volume: originOf(volume),
    supply: originOf(cap.by),
    changes: originOf(changes.by),
    sparkline: originOf(sparkline),
  }
  return {
    coinId: coin.coinId,
    symbol: coin.symbol ?? '',
    name: coin.name ?? coin.coinId,
    image: coin.image,
    marketCapRank: coin.rank,
    priceUsd: price?.priceUsd ?? null,
    marketCapUsd: cap.marketCapUsd,
    volumeUsd24h: volume?.amount ?? null,
    high24hUsd: range?.high ?? null,
    low24hUsd: range?.low ?? null,
    circulatingSupply: coin.supply?.amount ?? null,
    changePct: changes.changePct,
    sparkline: sparkline?.points ?? null,
    source: observed.source,
    origins,
    observedAt: instantOf(coin.observedAtMs),
    receivedAt: instantOf(Math.max(receivedAt, coin.receivedAt)),
  }
}

/** What depends on the price is brought up to the quote's time, which may be later than the price's own: see `advanceTimes`. */
function datedAsQuote(coin: MergedCoin): MergedCoin {
  const { price, observedAtMs } = coin
  return price === null || price.observedAtMs === observedAtMs ? coin : { ...coin, price: { ...price, observedAtMs } }
}

const saidOf = ({ source, observedAtMs }: ReceivedPrice): Said => ({ source: source.name, observedAtMs })

/** Whether something must be brought up to the price's time. */
const isBehind = (said: Said | null, price: ReceivedPrice | null): price is ReceivedPrice =>
  price !== null && (said === null || said.observedAtMs < price.observedAtMs)

function rangeOf({ coinId, range, price }: MergedCoin, bars: PastPrices): SaidRange | null {
  if (!isBehind(range, price)) return range
  const { priceUsd, observedAtMs } = price
  const ours = bars.rangeOf(coinId, observedAtMs)
  const known = ours === null ? range : { ...ours, source: BARS, observedAtMs }
  if (known === null) return null
  // What it costs now lies within the range up to now.
  const high = known.high === null ? null : Math.max(known.high, priceUsd)
  const low = known.low === null ? null : Math.min(known.low, priceUsd)
  return { ...known, high, low }
}

/** Aggregators know the whole market; where none ever spoke of it, the exchanges together have to do. */
export function volumeOf({ volume, prices }: MergedCoin, isAggregator: IsAggregator): SaidAmount | null {
  if (volume !== null && isAggregator(volume.source)) return volume
  const newestMs = Math.max(...prices.map(({ observedAtMs }) => observedAtMs))
  const traded = prices.filter(
    ({ source, volumeUsd24h, observedAtMs }) =>
      source.kind !== 'aggregator' && volumeUsd24h >= 0 && newestMs - observedAtMs <= DAY_MS,
  )
  const [largest] = traded.toSorted((a, b) => b.volumeUsd24h - a.volumeUsd24h)
  if (largest === undefined) return volume
  const amount = traded.reduce((sum, { volumeUsd24h }) => sum + volumeUsd24h, 0)
  return { ...saidOf(largest), amount: Math.min(amount, LARGEST_USD) }
}

/** Who told of a market cap vouches for the supply: then the price makes it a newer one. */
function capOf({ price, supply, marketCap }: MergedCoin): { marketCapUsd: number | null; by: Said | null } {
  if (marketCap === null || !isBehind(marketCap, price) || supply === null || supply.amount <= 0)
    return { marketCapUsd: marketCap?.amount ?? null, by: laterOf<Said>(supply, marketCap) }
  const worth = price.priceUsd * supply.amount
  return { marketCapUsd: worth <= LARGEST_USD ? worth : null, by: supply }
}

const changesNow = ({ coinId, price, changes }: MergedCoin, bars: PastPrices) =>
  changesOf(price ?? NO_PRICE, changes, (atMs) => bars.priceAt(coinId, atMs))

function sparklineOf({ coinId, price, sparkline }: MergedCoin, bars: PastPrices): SaidSparkline | null {
  if (!isBehind(sparkline, price)) return sparkline
  const { observedAtMs } = price
  const points = bars.sparklineOf(coinId, observedAtMs)
  if (points !== null) return { source: BARS, observedAtMs, points }
  return sparkline !== null && observedAtMs - sparkline.observedAtMs <= LINE_KEPT_MS ? sparkline : null
}

// Older than everything: whatever was said stands as it was said.
const NO_PRICE = { priceUsd: Number.NaN, observedAtMs: Number.NEGATIVE_INFINITY }

const DAY_MS = 86_400_000

// A quarter of the week that it shows.
const LINE_KEPT_MS = (7 * DAY_MS) / 4

// What a quote can hold.
const LARGEST_USD = 1e30
