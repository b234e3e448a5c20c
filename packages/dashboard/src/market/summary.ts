import { opinionOf } from './order.ts'
import { type Action, type MarketRow, SCORE_COLUMNS, type Summary, type Timeframe } from './protocol.ts'

/** The market in a few figures, as a horizon sees it. `changedLastMinute` is for the caller to say. */
export function summarise(rows: Iterable<MarketRow>, horizon: Timeframe): Omit<Summary, 'changedLastMinute'> {
  const actions: Record<Action, number> = { STRONG_BUY: 0, BUY: 0, HOLD: 0, SELL: 0, STRONG_SELL: 0 }
  const landscape = Array.from({ length: SCORE_COLUMNS }, () => 0)
  let [coins, scored, unsure, scores] = [0, 0, 0, 0]
  let marketCapUsd: number | null = null
  // Instants are written alike and to the same length: the newest is the greatest text.
  let newest = ''
  for (const row of rows) {
    coins += 1
    if (row.marketCapUsd !== null) marketCapUsd = (marketCapUsd ?? 0) + row.marketCapUsd
    if (row.observedAt > newest) newest = row.observedAt
    if (row.signals === null) continue
    scored += 1
    const opinion = opinionOf(row, horizon)
    if (opinion === null) {
      unsure += 1
      continue
    }
    scores += opinion.finalScore
    actions[opinion.action] += 1
    landscape[columnOf(opinion.finalScore)] = (landscape[columnOf(opinion.finalScore)] ?? 0) + 1
  }
  const sure = scored - unsure
  return {
    horizon,
    coins,
    scored,
    unsure,
    averageScore: sure === 0 ? null : scores / sure,
    actions,
    landscape,
    marketCapUsd,
    newestMs: newest === '' ? null : Date.parse(newest),
  }
}

const columnOf = (score: number) => Math.min(SCORE_COLUMNS - 1, Math.max(0, Math.floor((score / 100) * SCORE_COLUMNS)))
