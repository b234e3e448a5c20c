import { CHANGE_SPANS, type Quote } from '@crypto-signals/contracts'
import { manyQuotes, recordings } from '@crypto-signals/testing'

export type Row = Record<string, unknown>

/** Rows of /coins/markets as CoinGecko sends them, made up, each of another coin. */
export const madeUpRows = (count: number, seed: number): Row[] => manyQuotes(count, seed).map(rowOf)

/** A row that says what a quote says. */
function rowOf(quote: Quote): Row {
  const changes = CHANGE_SPANS.map((span) => [`price_change_percentage_${span}_in_currency`, quote.changePct[span]])
  return {
    id: quote.coinId,
    symbol: quote.symbol,
    name: quote.name,
    image: quote.image,
    current_price: quote.priceUsd,
    market_cap: quote.marketCapUsd,
    market_cap_rank: quote.marketCapRank,
    total_volume: quote.volumeUsd24h,
    high_24h: quote.high24hUsd,
    low_24h: quote.low24hUsd,
    circulating_supply: quote.circulatingSupply,
    last_updated: quote.observedAt,
    ...(quote.sparkline === null ? {} : { sparkline_in_7d: { price: quote.sparkline } }),
    ...Object.fromEntries(changes),
  }
}

/** Real rows of 2022 to 2026, where the recordings are there. */
export function recordedRows(): Row[] {
  const rows = (recordings()?.coinGeckoRows() ?? []) as Row[]
  // One recording holds the sparklines of somebody's own backend instead of CoinGecko's.
  return rows.filter(
    ({ sparkline_in_7d: line }) => line === undefined || line === null || isNumbers((line as Row).price),
  )
}

const isNumbers = (value: unknown) => Array.isArray(value) && value.every((point) => typeof point === 'number')

/** Rows no coin must come out of. */
export const BROKEN_ROWS: readonly unknown[] = [
  null,
  'bitcoin',
  42,
  [],
  {},
  { id: null, symbol: 'x', name: 'No id' },
  { id: '', symbol: 'x', name: 'Empty id' },
  { id: 'x'.repeat(129), symbol: 'x', name: 'Long id' },
  { id: 'broken-type', symbol: 'x', name: 'X', current_price: '12.5' },
  { id: 'broken-negative', symbol: 'x', name: 'X', current_price: -1 },
  { id: 'broken-volume', symbol: 'x', name: 'X', current_price: 1, total_volume: -5 },
  { id: 'broken-rank', symbol: 'x', name: 'X', current_price: 1, market_cap_rank: 'first' },
  { id: 'broken-name', symbol: 'x', name: 5, current_price: 1 },
  { id: 'broken-line', symbol: 'x', name: 'X', current_price: 1, sparkline_in_7d: { price: 'none' } },
]
