import {
  type ActionFilter,
  changeSpanOf,
  type ExportQuery,
  type MarketRow,
  primaryOf,
  type Quote,
  type ScoredCoin,
} from '@crypto-signals/contracts'

/** The rows that a market of these observations has; a coin's shape is left to the one who made it. */
export function rowsOf(quotes: Iterable<Quote>, scored: ReadonlyMap<string, ScoredCoin>): Map<string, MarketRow> {
  const rows = [...quotes].map((quote) => rowOf(quote, scored.get(quote.coinId)))
  return new Map(rows.map((row) => [row.coinId, row]))
}

function rowOf(quote: Quote, coin: ScoredCoin | undefined): MarketRow {
  const { coinId, symbol, name, marketCapRank, priceUsd, marketCapUsd, volumeUsd24h, source, observedAt } = quote
  const { '1h': hour, '24h': day, '7d': week, '30d': month } = quote.changePct
  return {
    coinId,
    symbol,
    name,
    rank: marketCapRank,
    priceUsd,
    marketCapUsd,
    volumeUsd24h,
    changePct: { '1h': hour, '24h': day, '7d': week, '30d': month },
    shape7d: quote.sparkline === null ? null : [0, 50, 100],
    source,
    observedAt,
    signals: coin === undefined ? null : signalsOf(coin),
  }
}

function signalsOf({ signals }: ScoredCoin): MarketRow['signals'] {
  const primary = primaryOf(signals)
  const horizons = signals.map(({ timeframe, finalScore, recommendation, insufficientData }) => {
    return [timeframe, { finalScore, ...recommendation, insufficientData }]
  })
  const { observedAt, updatedAt } = primary
  return { primary: primary.timeframe, observedAt, updatedAt, ...Object.fromEntries(horizons) }
}

/** Whether a query wants a row, told from the row alone. */
function isWanted(row: MarketRow, { coins, timeframe, actions, min_change: minChange }: ExportQuery): boolean {
  const horizon = row.signals?.[timeframe ?? row.signals.primary]
  const said = horizon?.action.toLowerCase() as ActionFilter | undefined
  const change = row.changePct[changeSpanOf(timeframe)]
  return (
    (coins === undefined || coins.split(',').includes(row.coinId)) &&
    (actions === undefined || (said !== undefined && actions.split(',').includes(said))) &&
    (minChange === undefined || (change !== null && Math.abs(change) >= minChange))
  )
}

export const wantedOf = (rows: ReadonlyMap<string, MarketRow>, query: ExportQuery): Map<string, MarketRow> =>
  new Map([...rows].filter(([, row]) => isWanted(row, query)))
