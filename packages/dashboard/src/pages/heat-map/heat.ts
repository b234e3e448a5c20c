import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import type { MarketRow, Timeframe } from '../../market/protocol.ts'
import { heatOf } from './tiles.ts'

/** The colour of a score, between the three that the theme names. */
export function heatStyle(score: number): string {
  const heat = heatOf(score)
  return `color-mix(in oklab, var(--heat-${heat < 0 ? 'low' : 'high'}) ${Math.round(Math.abs(heat) * 100)}%, var(--heat-mid))`
}

/** What a horizon says, in words. */
export function said(signal: NonNullable<MarketRow['signals']>[Timeframe] | undefined): string {
  const { heatMap, actions } = words.value
  if (signal === undefined) return heatMap.unscored
  if (signal.insufficientData) return heatMap.unsure
  return heatMap.said(figures.value.score(signal.finalScore), actions[signal.action])
}
