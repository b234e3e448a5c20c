import './landscape.css'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { summary } from '../../market/market.ts'
import { ACTIONS, type Action, SCORE_COLUMNS } from '../../market/protocol.ts'
import { choice, toggleAction } from './view.ts'

/** From the lowest score to the highest. */
const ZONES = ACTIONS.toReversed()

/** How many coins have which score, from 0 to 100; the five actions beneath, a fifth of it each, are filters. */
export function Landscape() {
  const { market } = words.value
  const known = summary.value
  return (
    <fieldset class="landscape">
      <legend class="unseen">{market.landscape}</legend>
      <div class="landscape-plot" aria-hidden="true">
        {ZONES.map((action, zone) => (
          <Zone key={action} action={action} columns={columnsOf(zone)} />
        ))}
        {known !== null && known.averageScore !== null && (
          <span class="landscape-average" style={{ left: `${known.averageScore}%` }}>
            <span>{figures.value.score(known.averageScore)}</span>
          </span>
        )}
      </div>
      <div class="landscape-filters">
        {ZONES.map((action) => (
          <ZoneFilter key={action} action={action} />
        ))}
      </div>
    </fieldset>
  )
}

function Zone({ action, columns }: { action: Action; columns: readonly number[] }) {
  const { actions } = choice.value
  const isAway = actions.length > 0 && !actions.includes(action)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the mouse; the button beneath does the same
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div class="landscape-zone" data-action={action} data-away={isAway} onClick={() => toggleAction(action)}>
      {columns.map((height, column) => (
        <span key={column} class="landscape-column" style={{ transform: `scaleY(${height})` }} />
      ))}
    </div>
  )
}

function ZoneFilter({ action }: { action: Action }) {
  const { market, actions } = words.value
  const { whole, share } = figures.value
  const known = summary.value
  const count = known?.actions[action] ?? null
  const sure = known === null ? 0 : known.scored - known.unsure
  const part = count === null || sure === 0 ? null : count / sure
  return (
    <button
      type="button"
      class="landscape-filter"
      data-action={action}
      aria-pressed={choice.value.actions.includes(action)}
      title={market.filterBy(actions[action], whole(count), share(part))}
      onClick={() => toggleAction(action)}
    >
      <span class="landscape-name">{actions[action]}</span>
      <span class="landscape-count">
        <b>{whole(count)}</b> <span class="landscape-share">{share(part)}</span>
      </span>
    </button>
  )
}

/** The heights of a zone's columns from 0 to 1: the root of their share, so that the few far out are seen beside the many in the middle. */
function columnsOf(zone: number): number[] {
  const width = SCORE_COLUMNS / ZONES.length
  const landscape = summary.value?.landscape ?? []
  const most = Math.max(1, ...landscape)
  return Array.from({ length: width }, (_, column) =>
    Math.max(0.02, Math.sqrt((landscape[zone * width + column] ?? 0) / most)),
  )
}
