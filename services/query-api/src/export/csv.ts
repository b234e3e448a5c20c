import { type MarketRow, TIMEFRAMES } from '@crypto-signals/contracts'

/** A row as the line of a table. */
export const csvLine = (row: MarketRow): string => lineOf(COLUMNS.map(({ cell }) => cell(row)))

interface Column {
  name: string
  cell: (row: MarketRow) => string
}

const word = (value: string | number | boolean | null | undefined) => String(value ?? '')

const COLUMNS: readonly Column[] = [
  { name: 'coinId', cell: ({ coinId }) => text(coinId) },
  { name: 'symbol', cell: ({ symbol }) => text(symbol) },
  { name: 'name', cell: ({ name }) => text(name) },
  { name: 'rank', cell: ({ rank }) => word(rank) },
  { name: 'priceUsd', cell: ({ priceUsd }) => word(priceUsd) },
  { name: 'marketCapUsd', cell: ({ marketCapUsd }) => word(marketCapUsd) },
  { name: 'volumeUsd24h', cell: ({ volumeUsd24h }) => word(volumeUsd24h) },
  ...(['1h', '24h', '7d', '30d'] as const).map((span) => ({
    name: `changePct.${span}`,
    cell: ({ changePct }: MarketRow) => word(changePct[span]),
  })),
  { name: 'shape7d', cell: ({ shape7d }) => shape7d?.join(' ') ?? '' },
  { name: 'source', cell: ({ source }) => source },
  { name: 'observedAt', cell: ({ observedAt }) => observedAt },
  ...(['primary', 'observedAt', 'updatedAt'] as const).map((part) => ({
    name: `signals.${part}`,
    cell: ({ signals }: MarketRow) => word(signals?.[part]),
  })),
  ...TIMEFRAMES.flatMap((timeframe) =>
    (['finalScore', 'action', 'confidence', 'insufficientData'] as const).map((part) => ({
      name: `signals.${timeframe}.${part}`,
      cell: ({ signals }: MarketRow) => word(signals?.[timeframe][part]),
    })),
  ),
]

/** What others named: a spreadsheet takes a cell that begins like this for a formula, unless an apostrophe stands before it. */
const text = (value: string) => quoted(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value)

/** RFC 4180. The words and numbers of other cells need no quotes. */
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

const lineOf = (cells: readonly string[]) => `${cells.join()}\r\n`

/** The first line: where in a row each column stands. */
export const CSV_HEAD = lineOf(COLUMNS.map(({ name }) => name))
