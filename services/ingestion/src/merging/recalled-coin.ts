import { CHANGE_SPANS, type FieldGroup, type Quote } from '@crypto-signals/contracts'
import { type MergedCoin, newCoin } from './merged-coin.ts'
import type { Said } from './said.ts'

/** What a stored quote remembers of a coin: merged again, it is the same quote. */
export function recalledCoin(quote: Quote): MergedCoin {
  const { priceUsd, source, sparkline, changePct } = quote
  const observed: Said = { source, observedAtMs: Date.parse(quote.observedAt) }
  const by = (part: FieldGroup) => saidOf(quote, part) ?? observed
  const amount = (part: FieldGroup, value: number | null) => (value === null ? null : { ...by(part), amount: value })
  const { high24hUsd: high, low24hUsd: low } = quote
  const coin: MergedCoin = {
    ...newCoin(quote.coinId),
    symbol: quote.symbol,
    name: quote.name,
    image: quote.image,
    rank: quote.marketCapRank,
    isNamed: true,
    observedAtMs: observed.observedAtMs,
    receivedAt: Date.parse(quote.receivedAt),
    unpriced: observed,
    range: high === null && low === null ? null : { ...by('range'), high, low },
    volume: amount('volume', quote.volumeUsd24h),
    supply: amount('supply', quote.circulatingSupply),
    marketCap: amount('supply', quote.marketCapUsd),
    changes: CHANGE_SPANS.some((span) => changePct[span] !== null) ? [{ ...by('changes'), changePct, priceUsd }] : [],
    sparkline: sparkline === null ? null : { ...by('sparkline'), points: sparkline },
  }
  return priceUsd === null ? coin : { ...coin, ...priced(quote, priceUsd) }
}

function saidOf({ origins }: Quote, part: FieldGroup): Said | null {
  const origin = origins[part]
  return origin && { source: origin.source, observedAtMs: Date.parse(origin.observedAt) }
}

function priced(quote: Quote, priceUsd: number): Pick<MergedCoin, 'prices' | 'price' | 'fresh'> {
  const price = {
    // What else the source is, it says when it speaks again.
    source: { name: quote.source, kind: 'aggregator' as const, derivedFrom: null },
    priceUsd,
    volumeUsd24h: Number.NaN,
    convertedFrom: null,
    observedAtMs: Date.parse(quote.observedAt),
    saidAtMs: Date.parse(quote.observedAt),
    receivedAt: Date.parse(quote.receivedAt),
  }
  return { prices: [price], price, fresh: 1 }
}
