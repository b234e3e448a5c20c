import './alert-list.css'
import type { Alert } from '@crypto-signals/client'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { conditionText, figureNow, opinionNow } from '../../alerts/condition.ts'
import { api } from '../../api.ts'
import { ageText } from '../../language/figures.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { namedCoins } from '../../market/market.ts'
import { Age } from '../../pieces/age.tsx'
import { Change } from '../../pieces/change.tsx'
import { ICONS, Icon } from '../../pieces/icon.tsx'
import { Notice } from '../../pieces/panel.tsx'
import { Score } from '../../pieces/score.tsx'
import { CoinCell } from './coin-cell.tsx'
import { COOLDOWNS } from './draft.ts'
import { failureText } from './failure.ts'

interface AlertListProps {
  rules: readonly Alert[]
  /** The alert that was set last here: it is marked. */
  newest: string | null
  removed: () => void
}

/** The alerts that are set, each with where its coin stands now. */
export function AlertList({ rules, newest, removed }: AlertListProps) {
  const { alerts } = words.value
  const [said, say] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const remove = async (alertId: string) => {
    try {
      await api.alerts.remove(alertId)
      say(alerts.removed)
      removed()
      list.current?.focus()
    } catch (error) {
      say(failureText(error, alerts))
    }
  }
  return (
    <div class="alert-list" ref={list} tabIndex={-1}>
      <p class={said === alerts.removed ? 'unseen' : 'alert-list-said'} role="status">
        {said}
      </p>
      {rules.length === 0 ? (
        <Notice title={alerts.none}>
          <p>{alerts.noneWhy}</p>
        </Notice>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{alerts.listCoin}</th>
              <th scope="col">{alerts.listCondition}</th>
              <th scope="col" class="figure">
                {alerts.listNow}
              </th>
              <th scope="col">{alerts.listState}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <Row key={rule.alertId} rule={rule} isNew={rule.alertId === newest} remove={remove} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

interface RowProps {
  rule: Alert
  isNew: boolean
  remove: (alertId: string) => Promise<void>
}

function Row({ rule, isNew, remove }: RowProps) {
  const { alerts } = words.value
  const condition = conditionText(rule, words.value, figures.value)
  const row = namedCoins.value.get(rule.coinId)
  const cooldown = cooldownName(rule.settings.cooldownMs)
  return (
    <tr data-new={isNew} data-fired={rule.isTriggered}>
      <th scope="row">
        <CoinCell coinId={rule.coinId} />
      </th>
      <td class="alert-list-condition">
        {condition}
        {cooldown !== null && <span class="faint small">{cooldown}</span>}
      </td>
      <td class="figure" data-label={alerts.listNow}>
        <Now rule={rule} />
      </td>
      <td data-label={alerts.listState}>
        <State rule={rule} />
      </td>
      <td class="alert-list-actions">
        <Remove
          what={`${row?.symbol.toUpperCase() ?? rule.coinId}, ${condition}`}
          remove={() => remove(rule.alertId)}
        />
      </td>
    </tr>
  )
}

function Now({ rule }: { rule: Alert }) {
  const row = namedCoins.value.get(rule.coinId)
  const figure = figureNow(rule, row)
  if (rule.alertType.startsWith('price_')) return <span>{figures.value.price(figure)}</span>
  if (rule.alertType.startsWith('change_')) return <Change percent={figure} />
  const opinion = opinionNow(rule, row)
  return opinion === null ? <span>{figures.value.score(null)}</span> : <Score {...opinion} />
}

function State({ rule: { isTriggered, triggeredAt, triggerCount } }: { rule: Alert }) {
  const { alerts } = words.value
  return (
    <span class="alert-state" data-fired={isTriggered}>
      <span class="alert-state-dot" aria-hidden="true" />
      <span>
        {isTriggered ? alerts.hasFired : alerts.watching}
        {triggeredAt !== null && (
          <span class="alert-state-when">
            <Age at={triggeredAt} ago />
            {triggerCount > 1 && <span class="faint"> · {alerts.times(figures.value.whole(triggerCount))}</span>}
          </span>
        )}
      </span>
    </span>
  )
}

/** Asks once more before it deletes. */
function Remove({ what, remove }: { what: string; remove: () => Promise<void> }) {
  const { alerts } = words.value
  const [asked, ask] = useState<boolean | null>(null)
  const [isGoing, setGoing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  // Back from the question the focus is where it was; in it, where nothing is lost.
  useLayoutEffect(() => {
    if (asked !== null) button.current?.focus()
  }, [asked])
  if (asked !== true)
    return (
      <button
        type="button"
        class="alert-remove"
        ref={button}
        aria-label={alerts.remove(what)}
        onClick={() => ask(true)}
      >
        <Icon path={ICONS.bin} sizePx={16} />
      </button>
    )
  return (
    <fieldset
      class="alert-remove-sure"
      aria-label={alerts.removeSure}
      onKeyDown={({ key }) => key === 'Escape' && ask(false)}
    >
      <button
        type="button"
        class="button button-danger"
        aria-disabled={isGoing}
        onClick={async () => {
          if (isGoing) return
          setGoing(true)
          await remove()
          setGoing(false)
        }}
      >
        {alerts.removeYes}
      </button>
      <button type="button" class="button" ref={button} onClick={() => ask(false)}>
        {alerts.removeNo}
      </button>
    </fieldset>
  )
}

function cooldownName(ms: number | undefined): string | null {
  if (ms === undefined || ms === 0) return null
  const { alerts } = words.value
  const [name] = Object.entries(COOLDOWNS).find(([, own]) => own === ms) ?? []
  return name === undefined
    ? alerts.cooldownEvery(ageText(words.value, ms))
    : alerts.cooldowns[name as keyof typeof COOLDOWNS]
}
