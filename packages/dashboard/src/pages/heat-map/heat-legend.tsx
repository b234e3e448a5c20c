import './heat-legend.css'
import type { Signal } from '@preact/signals'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { ACTIONS, type Action, type MarketRow } from '../../market/protocol.ts'
import { horizon } from '../../preferences.ts'
import { heatStyle } from './heat.ts'

/** What the colours mean and how many coins have each. Each is a switch that lights its coins alone. */
export function HeatLegend({ rows, lit }: { rows: readonly MarketRow[]; lit: Signal<Action | null> }) {
  const { heatMap, actions } = words.value
  const { counts, unsure } = countActions(rows)
  return (
    <div class="heat-legend">
      <span class="heat-scale" aria-hidden="true">
        <span>0 · {heatMap.bearish}</span>
        <span class="heat-ramp" />
        <span>{heatMap.bullish} · 100</span>
      </span>
      <fieldset class="heat-actions">
        <legend class="unseen">{heatMap.legend}</legend>
        {[...ACTIONS].reverse().map((action) => (
          <button
            key={action}
            type="button"
            aria-pressed={lit.value === action}
            onClick={() => {
              lit.value = lit.value === action ? null : action
            }}
          >
            <span class="heat-swatch" style={{ backgroundColor: heatStyle(TYPICAL[action]) }} aria-hidden="true" />
            {actions[action]} <b>{figures.value.whole(counts[action])}</b>
          </button>
        ))}
        {unsure > 0 && (
          <span class="heat-unsure">
            <span class="heat-swatch" data-heat="none" aria-hidden="true" />
            {heatMap.unsure} <b>{figures.value.whole(unsure)}</b>
          </span>
        )}
      </fieldset>
    </div>
  )
}

/** A score of each action, for its colour. */
const TYPICAL: Readonly<Record<Action, number>> = { STRONG_SELL: 12, SELL: 30, HOLD: 50, BUY: 70, STRONG_BUY: 88 }

function countActions(rows: readonly MarketRow[]): { counts: Record<Action, number>; unsure: number } {
  const counts = { STRONG_BUY: 0, BUY: 0, HOLD: 0, SELL: 0, STRONG_SELL: 0 }
  let unsure = 0
  for (const { signals } of rows) {
    const said = signals?.[horizon.value]
    if (said === undefined || said.insufficientData) unsure++
    else counts[said.action]++
  }
  return { counts, unsure }
}
