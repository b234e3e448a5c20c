import { type MarketRow, TIMEFRAMES } from './protocol.ts'

/** The rows told now, each as the object held before where it says the same: what did not change need not be drawn anew. */
export function kept(held: readonly MarketRow[], told: readonly MarketRow[]): MarketRow[] {
  const byId = new Map(held.map((row) => [row.coinId, row]))
  return told.map((row) => {
    const last = byId.get(row.coinId)
    return last !== undefined && isSame(last, row) ? last : row
  })
}

const isSame = (a: MarketRow, b: MarketRow) =>
  FIELDS.every((field) => a[field] === b[field]) &&
  SPANS.every((span) => a.changePct[span] === b.changePct[span]) &&
  isSameShape(a.shape7d, b.shape7d) &&
  isSameSignals(a.signals, b.signals)

const FIELDS = ['observedAt', 'priceUsd', 'rank', 'marketCapUsd', 'volumeUsd24h', 'name', 'symbol'] as const
const SPANS = ['1h', '24h', '7d', '30d'] as const

const isSameShape = (a: MarketRow['shape7d'], b: MarketRow['shape7d']) =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((point, i) => point === b[i]))

function isSameSignals(a: MarketRow['signals'], b: MarketRow['signals']): boolean {
  if (a === null || b === null) return a === b
  return TIMEFRAMES.every((horizon) => {
    const [one, other] = [a[horizon], b[horizon]]
    return (
      one.finalScore === other.finalScore &&
      one.action === other.action &&
      one.confidence === other.confidence &&
      one.insufficientData === other.insufficientData
    )
  })
}
