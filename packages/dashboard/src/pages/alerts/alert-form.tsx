import './alert-form.css'
import type { Alert } from '@crypto-signals/client'
import { useEffect, useRef, useState } from 'preact/hooks'
import { wishFor } from '../../alerts/coins.ts'
import { conditionText, holdsNow } from '../../alerts/condition.ts'
import { api } from '../../api.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { namedCoins } from '../../market/market.ts'
import type { MarketRow } from '../../market/protocol.ts'
import { Panel } from '../../pieces/panel.tsx'
import { ChosenCoin } from './chosen-coin.tsx'
import { CoinPicker } from './coin-picker.tsx'
import { type Draft, EMPTY, type Faults, faultsOf, requestOf } from './draft.ts'
import { DraftFields } from './draft-fields.tsx'
import { failureText } from './failure.ts'

/** Sets an alert. What is wrong with it is said beside the field, once the reader tried. */
export function AlertForm({ created }: { created: (alert: Alert) => void }) {
  const { alerts } = words.value
  const [draft, setDraft] = useState<Draft>(() => ({ ...EMPTY, coinId: coinInAddress() }))
  const [isTried, setTried] = useState(false)
  const [isChoosing, setChoosing] = useState(false)
  const { isSending, said, send } = useSending(created)
  const form = useRef<HTMLFormElement>(null)
  const { coinId } = draft
  useEffect(() => wishFor('form', coinId === null ? [] : [coinId]), [coinId])

  const row = coinId === null ? undefined : namedCoins.value.get(coinId)
  const faults = isTried ? faultsOf(draft) : {}
  const change = (part: Partial<Draft>) => setDraft((last) => ({ ...last, ...part }))
  const submit = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    const wrong = faultsOf(draft)
    setTried(true)
    if (Object.keys(wrong).length > 0) return focusFault(form.current, wrong)
    if (!(await send(draft, row))) return
    setTried(false)
    change({ threshold: '' })
  }
  return (
    <Panel title={alerts.new} class="alert-form-panel">
      <form class="alert-form" ref={form} onSubmit={submit} noValidate>
        {coinId === null ? (
          <CoinPicker
            fault={faults.coin === undefined ? null : alerts.faults.coin}
            isFocused={isChoosing}
            choose={(coin) => change({ coinId: coin.coinId, threshold: '' })}
          />
        ) : (
          <ChosenCoin
            coinId={coinId}
            row={row}
            clear={() => {
              setChoosing(true)
              change({ coinId: null })
            }}
          />
        )}
        <DraftFields draft={draft} row={row} fault={faults.threshold ?? null} change={change} />
        <Preview draft={draft} row={row} />
        <button type="submit" class="button button-primary alert-form-send" aria-disabled={isSending}>
          {isSending ? alerts.creating : alerts.create}
        </button>
        <p class="alert-form-said" role="status" data-bad={said?.isBad ?? false}>
          {said?.text ?? ''}
        </p>
      </form>
    </Panel>
  )
}

/** Sends a draft, and keeps what is to be said of it. */
function useSending(created: (alert: Alert) => void) {
  const [isSending, setSending] = useState(false)
  const [said, say] = useState<{ text: string; isBad: boolean } | null>(null)
  const send = async (draft: Draft, row: MarketRow | undefined): Promise<boolean> => {
    const { alerts } = words.value
    setSending(true)
    say(null)
    try {
      const { data } = await api.alerts.create(requestOf(draft))
      const what = `${row?.symbol.toUpperCase() ?? data.coinId}, ${conditionText(data, words.value, figures.value)}`
      say({ text: alerts.created(what), isBad: false })
      created(data)
      return true
    } catch (error) {
      say({ text: failureText(error, alerts), isBad: true })
      return false
    } finally {
      setSending(false)
    }
  }
  return { isSending, said, send }
}

/** What the draft asks for, in one sentence. */
function Preview({ draft, row }: { draft: Draft; row: MarketRow | undefined }) {
  const { alerts } = words.value
  if (row === undefined || Object.keys(faultsOf(draft)).length > 0) return null
  const { alertType, settings = {} } = requestOf(draft)
  const rule = { alertType, settings }
  return (
    <p class="alert-form-preview">
      <strong>{row.symbol.toUpperCase()}</strong> · {conditionText(rule, words.value, figures.value)}
      {holdsNow(rule, row) && <span class="alert-form-holds">{alerts.holds}</span>}
    </p>
  )
}

const coinInAddress = () => new URLSearchParams(location.search).get('coin')

function focusFault(form: HTMLFormElement | null, { coin }: Faults): void {
  form?.querySelector<HTMLElement>(coin === undefined ? '#alert-threshold' : '#alert-coin')?.focus()
}
