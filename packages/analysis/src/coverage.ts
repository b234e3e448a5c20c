import type { Quote, Timeframe } from '@crypto-signals/contracts'
import { isKnown } from './components/price.ts'
import { HORIZONS } from './horizons.ts'

/** Inputs present / inputs wanted, 0 to 1: price, the changes of the horizon, volume, market cap, rank, a sparkline of enough points. */
export function coverageOf(quote: Quote, horizon: Timeframe, hasTechnicals: boolean): number {
  const { spans } = HORIZONS[horizon]
  let present = 0
  for (const [span] of spans) if (isKnown(quote.changePct[span])) present++
  if (hasPrice(quote)) present++
  if (quote.volumeUsd24h !== null) present++
  if ((quote.marketCapUsd ?? 0) > 0) present++
  if (quote.marketCapRank !== null) present++
  if (hasTechnicals) present++
  return present / (spans.length + OTHER_INPUTS)
}

/** Sources write 0 for a price they do not have. */
export const hasPrice = ({ priceUsd }: Quote): boolean => (priceUsd ?? 0) > 0

const OTHER_INPUTS = 5
