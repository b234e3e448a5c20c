import './source-table.css'
import type { SourceStatus } from '@crypto-signals/client'
import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import { ageText } from '../../language/figures.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { Age, now } from '../../pieces/age.tsx'
import { Notice } from '../../pieces/panel.tsx'
import { MinuteBudget, MonthBudget } from './budget.tsx'
import { Light } from './engines.tsx'
import { Feeds } from './feeds.tsx'
import { byImportance } from './order.ts'

interface SourceTableProps {
  sources: readonly SourceStatus[]
  /** Of how many coins a source's price is the one in use. */
  inUse: ReadonlyMap<string, number>
}

const TONES = { starting: 'WARNING', ok: 'OK', limited: 'WARNING', failing: 'ERROR' } as const

/** Every source: how it does, how old its last answer is, and what it may still be asked. */
export function SourceTable({ sources, inUse }: SourceTableProps) {
  const { status } = words.value
  if (sources.length === 0)
    return (
      <Notice title={status.sourcesNone}>
        <p>{status.sourcesNoneWhy}</p>
      </Notice>
    )
  return (
    <table class="source-table">
      <thead>
        <tr>
          <th scope="col">{status.source}</th>
          <th scope="col">{status.state}</th>
          <th scope="col" class="figure">
            {status.answered}
          </th>
          <th scope="col" class="figure">
            {status.lag}
          </th>
          <th scope="col" class="figure">
            {status.inUse}
          </th>
          <th scope="col">{status.minute}</th>
          <th scope="col">{status.month}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {byImportance(sources).map((source) => (
          <Source key={source.name} source={source} priced={inUse.get(source.name) ?? 0} />
        ))}
      </tbody>
    </table>
  )
}

function Source({ source, priced }: { source: SourceStatus; priced: number }) {
  const { status } = words.value
  const [isOpen, open] = useState(false)
  const { name, title, kind, state, lastSuccessAt, lagMs, budget, feeds } = source
  return (
    <Fragment>
      <tr data-open={isOpen}>
        <th scope="row">
          <span class="source-title">{title}</span>
          <span class="faint small">{status.kinds[kind]}</span>
        </th>
        <td class="source-state" data-label={status.state}>
          <Light tone={TONES[state]} /> <State source={source} />
        </td>
        <td class="figure" data-label={status.answered}>
          {lastSuccessAt === null ? <span class="faint">{status.never}</span> : <Age at={lastSuccessAt} ago />}
        </td>
        <td class="figure" data-label={status.lag}>
          {lagMs === 0 ? (
            <span class="faint">{status.onTime}</span>
          ) : (
            <span class="age-old">{ageText(words.value, lagMs)}</span>
          )}
        </td>
        <td class="figure" data-label={status.inUse}>
          {kind === 'index' ? <span class="faint">–</span> : figures.value.whole(priced)}
        </td>
        <td data-label={status.minute}>
          <MinuteBudget budget={budget} />
        </td>
        <td data-label={status.month}>
          <MonthBudget budget={budget} />
        </td>
        <td class="source-more">
          {feeds.length > 0 && (
            <button
              type="button"
              class="source-open"
              aria-expanded={isOpen}
              aria-controls={`feeds-${name}`}
              aria-label={status.feedsOf(title)}
              title={status.feeds}
              onClick={() => open(!isOpen)}
            >
              <Chevron />
            </button>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr class="source-feeds" id={`feeds-${name}`}>
          <td colSpan={8}>
            <Feeds feeds={feeds} title={title} nowMs={now.value} />
          </td>
        </tr>
      )}
    </Fragment>
  )
}

function State({ source: { state, connected, heldBack, lastError, budget } }: { source: SourceStatus }) {
  const { status } = words.value
  const { whole, time } = figures.value
  const { blockedUntil } = budget
  return (
    <span>
      {status.states[state]}
      {connected !== null && (
        <span class={connected ? 'faint small' : 'down small'}> · {connected ? status.stream : status.streamLost}</span>
      )}
      {blockedUntil !== null && Date.parse(blockedUntil) > now.value && (
        <span class="source-note">{status.blocked(time(Date.parse(blockedUntil)))}</span>
      )}
      {state === 'failing' && lastError !== null && <span class="source-note down">{lastError}</span>}
      {heldBack > 0 && <span class="source-note">{status.heldBack(whole(heldBack))}</span>}
    </span>
  )
}

const Chevron = () => (
  <svg
    viewBox="0 0 16 16"
    width="14"
    height="14"
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d="M4 6l4 4 4-4" />
  </svg>
)
