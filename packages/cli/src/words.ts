import type { Action, HorizonScore, Signal, Timeframe } from '@crypto-signals/client'
import { UNKNOWN } from './terminal/numbers.ts'
import { type Paint, plain } from './terminal/paint.ts'
import type { Cell } from './terminal/table.ts'

export const HORIZON_NAMES: Readonly<Record<Timeframe, string>> = {
  SCALPING: 'Scalping',
  DAY_TRADING: 'Day trading',
  SWING_TRADING: 'Swing trading',
  LONG_TERM: 'Long term',
}

const ACTION_NAMES: Readonly<Record<Action, string>> = {
  STRONG_BUY: 'STRONG BUY',
  BUY: 'BUY',
  HOLD: 'HOLD',
  SELL: 'SELL',
  STRONG_SELL: 'STRONG SELL',
}

/** What a horizon recommends, in its colour; where too little is known for an opinion, that. */
export function actionCell(
  { action, insufficientData }: Pick<HorizonScore, 'action' | 'insufficientData'>,
  paint: Paint,
): Cell {
  if (insufficientData) return { text: 'too little data', paint: paint.dim }
  const text = ACTION_NAMES[action]
  if (action.endsWith('BUY')) return { text, paint: paint.good }
  return { text, paint: action.endsWith('SELL') ? paint.bad : plain }
}

/** What a signal says in the form of a row's horizon. */
export const horizonOf = ({ finalScore, recommendation, insufficientData }: Signal): HorizonScore => ({
  finalScore,
  ...recommendation,
  insufficientData,
})

export const rankOf = (rank: number | null): string => (rank === null ? UNKNOWN : String(rank))
