import './toasts.css'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { wishFor } from '../alerts/coins.ts'
import { conditionText } from '../alerts/condition.ts'
import { news, startNews } from '../alerts/news.ts'
import { figures } from '../language/shown.ts'
import { words } from '../language/words.ts'
import { namedCoins } from '../market/market.ts'
import type { TriggeredAlert } from '../market/protocol.ts'
import { Age } from '../pieces/age.tsx'
import { ICONS, Icon } from '../pieces/icon.tsx'
import { coinPath, PATHS } from '../routing/route.ts'

/** What the reader has put away, by trigger id. */
const closed = signal<ReadonlySet<string>>(new Set())

// More would cover the page: the rest is a number, and all are on the alerts page.
const MOST = 3

/** Notices of alerts that fire while the page is open. They stay until they are closed: who looked away misses none. */
export function Toasts() {
  const { alerts } = words.value
  useEffect(() => void startNews(), [])
  const open = news.value.filter(({ triggerId }) => !closed.value.has(triggerId))
  const coinIds = open.map(({ coinId }) => coinId).join('\n')
  useEffect(() => wishFor('notices', coinIds === '' ? [] : coinIds.split('\n')), [coinIds])
  const more = open.length - MOST
  const close = (some: readonly TriggeredAlert[]) => {
    closed.value = new Set([...closed.value, ...some.map(({ triggerId }) => triggerId)])
  }
  return (
    <section class="toasts" aria-label={alerts.toasts} aria-live="polite" aria-relevant="additions">
      {open.slice(0, MOST).map((alert) => (
        <Toast key={alert.triggerId} alert={alert} close={() => close([alert])} />
      ))}
      {more > 0 && (
        <p class="toast toasts-more">
          <a href={PATHS.alerts} onClick={() => close(open)}>
            {alerts.toastMore(more)}
          </a>
          <button type="button" class="toasts-clear" onClick={() => close(open)}>
            {alerts.closeAll}
          </button>
        </p>
      )}
    </section>
  )
}

function Toast({ alert, close }: { alert: TriggeredAlert; close: () => void }) {
  const { alerts, shell } = words.value
  const { coinId, triggeredAt, evidence } = alert
  const row = namedCoins.value.get(coinId)
  const symbol = row?.symbol.toUpperCase() ?? coinId
  return (
    <article class="toast">
      <Icon class="toast-bell" path={ICONS.bell} sizePx={18} />
      <div class="toast-text">
        <p class="toast-title">
          <a href={coinPath(coinId)} onClick={close}>
            {alerts.toast(symbol)}
          </a>
          <span class="small" aria-hidden="true">
            <Age at={triggeredAt} ago />
          </span>
        </p>
        <p>{conditionText(alert, words.value, figures.value)}</p>
        <p class="dim small">
          {alerts.evidencePrice} {figures.value.price(evidence.price)} · {alerts.evidenceScore}{' '}
          {figures.value.score(evidence.score)}
        </p>
      </div>
      <button type="button" class="toast-close" aria-label={`${shell.close}: ${alerts.toast(symbol)}`} onClick={close}>
        <svg viewBox="0 0 16 16" width="14" height="14" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" />
        </svg>
      </button>
    </article>
  )
}
