import type { HorizonScore, MarketRow, Timeframe } from '@crypto-signals/client'

export const ROW_SORTS = ['score', 'rank', 'change', 'volume'] as const
export type RowSort = (typeof ROW_SORTS)[number]

/** What the horizon says of a row, or its primary one; null until it was scored. */
export const horizonIn = ({ signals }: MarketRow, timeframe: Timeframe | undefined): HorizonScore | null =>
  signals === null ? null : signals[timeframe ?? signals.primary]

/** Rows in order, the first ones of them: ranks ascend, all else descends; what is not known comes last, ties by coin id. */
export function firstRows(rows: Iterable<MarketRow>, count: number, by: { sort: RowSort; timeframe?: Timeframe }) {
  const keyed = Array.from(rows, (row) => ({ row, key: keyOf(row, by) }))
  keyed.sort((a, b) => b.key - a.key || (a.row.coinId < b.row.coinId ? -1 : 1))
  return keyed.slice(0, count).map(({ row }) => row)
}

// Finite, so that two of them differ by 0.
const LAST = -1e300

function keyOf(row: MarketRow, { sort, timeframe }: { sort: RowSort; timeframe?: Timeframe }): number {
  if (sort === 'rank') return row.rank === null ? LAST : -row.rank
  if (sort === 'change') return row.changePct['24h'] ?? LAST
  if (sort === 'volume') return row.volumeUsd24h ?? LAST
  const horizon = horizonIn(row, timeframe)
  return horizon === null || horizon.insufficientData ? LAST : horizon.finalScore
}
