import { type ListingOptions, type Pair, pairsOf } from '../world/listing.ts'
import { type Candle, candlesOf, type Ticker, tickerOf } from '../world/tickers.ts'
import type { View } from '../world/view.ts'
import { lazily } from '../world/world.ts'
import type { Answerer, SimulatedSource } from './source.ts'

/** What the routes of an exchange are made of. */
export interface Floor {
  readonly pairs: () => readonly Pair[]
  readonly pairOf: (symbol: string) => Pair | undefined
  tickers(): { rows: readonly Ticker[]; seenAt: number }
  candles(pair: Pair, asked: { intervalMs: number; limit: number; endMs?: number }): Candle[]
}

export interface ExchangeOptions extends Omit<ListingOptions, 'name'> {
  name: SimulatedSource['name']
  symbolOf: (pair: Pair) => string
  routes: (floor: Floor, view: View) => Readonly<Record<string, Answerer>>
}

/** An exchange: its pairs, all of their tickers and their candles, in its own words. */
export const exchange = ({
  routes,
  symbolOf,
  ...listing
}: ExchangeOptions): SimulatedSource & { listing: ListingOptions } => ({
  name: listing.name,
  refreshMs: 1_000,
  spread: 0.002,
  listing,
  keysOf: (world) => pairsOf(world, listing).map((pair) => [symbolOf(pair), pair.index] as const),
  open: (view) => routes(floorOf(view, listing, symbolOf), view),
})

/** An exchange's pairs and prices. */
const floorOf = (view: View, listing: ListingOptions, symbolOf: (pair: Pair) => string): Floor => {
  const pairs = lazily(() => pairsOf(view.world, listing))
  const bySymbol = lazily(() => new Map(pairs().map((pair) => [symbolOf(pair), pair])))
  return {
    pairs,
    pairOf: (symbol) => bySymbol().get(symbol),
    tickers() {
      const seenAt = view.seenAt()
      return { seenAt, rows: pairs().flatMap((pair) => tickerOf(view, pair, seenAt) ?? []) }
    },
    candles: (pair, { intervalMs, limit, endMs = Number.POSITIVE_INFINITY }) =>
      candlesOf(view, pair, { intervalMs, limit, endMs }),
  }
}

/** A whole number of a query, within 1 and `max`. */
export const limitOf = (given: string, usual: number, max: number): number =>
  /^\d{1,5}$/.test(given) ? Math.min(max, Math.max(1, Number(given))) : usual
