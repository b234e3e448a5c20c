import type { Signal } from '@crypto-signals/client'
import type { Context } from './context.ts'
import { priceOf, scoreOf, shareOf, spanOf } from './terminal/numbers.ts'
import { table } from './terminal/table.ts'
import { actionCell, HORIZON_NAMES, horizonOf, rankOf } from './words.ts'

/** Signals as a table, one a line. */
export function signalLines(signals: readonly Signal[], { paint, width }: Pick<Context, 'paint' | 'width'>): string[] {
  const rows = signals.map((signal) => [
    { text: signal.symbol.toUpperCase(), paint: paint.bold },
    signal.name,
    signal.coinId,
    rankOf(signal.rank),
    priceOf(signal.price),
    scoreOf(signal.insufficientData ? null : signal.finalScore),
    actionCell(horizonOf(signal), paint),
    shareOf(signal.recommendation.confidence),
    HORIZON_NAMES[signal.timeframe],
    { text: spanOf(signal.ageMs), paint: paint.dim },
  ])
  return table(COLUMNS, rows, { paint, width })
}

const right = 'right' as const

const COLUMNS = [
  { title: 'COIN', most: 12 },
  { title: 'NAME', most: 28 },
  { title: 'ID', most: 28 },
  { title: 'RANK', align: right },
  { title: 'PRICE $', align: right },
  { title: 'SCORE', align: right },
  { title: 'SAYS' },
  { title: 'SURE', align: right },
  { title: 'HORIZON' },
  { title: 'AGE', align: right },
]
