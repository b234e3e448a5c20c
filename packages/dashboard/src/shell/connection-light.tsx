import './connection-light.css'
import { figures } from '../language/shown.ts'
import { words } from '../language/words.ts'
import { connection, summary } from '../market/market.ts'
import { Age } from '../pieces/age.tsx'

/** Whether the market is live, and how old its newest price is. */
export function ConnectionLight() {
  const { shell } = words.value
  const { state, loaded } = connection.value
  const newestMs = summary.value?.newestMs ?? null
  const text = {
    connecting: shell.connecting,
    loading: shell.loading(figures.value.whole(loaded)),
    live: shell.live,
    waiting: shell.waiting,
  }[state]
  return (
    <span class="connection" data-state={state} role="status">
      <span class="connection-dot" aria-hidden="true" />
      <span class="connection-text">{text}</span>
      {state !== 'loading' && newestMs !== null && (
        <span class="connection-age" aria-hidden="true">
          <Age at={newestMs} />
        </span>
      )}
    </span>
  )
}
