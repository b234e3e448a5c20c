import { figureNow } from '../../alerts/condition.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { type MarketRow, TIMEFRAMES, type Timeframe } from '../../market/protocol.ts'
import { Segmented } from '../../pieces/segmented.tsx'
import { COOLDOWNS, type Cooldown, type Draft, type Faults, KINDS, offersOf, requestOf } from './draft.ts'

interface FieldsProps {
  draft: Draft
  row: MarketRow | undefined
  fault: Faults['threshold'] | null
  change: (part: Partial<Draft>) => void
}

/** What the alert waits for. */
export function DraftFields({ draft, row, fault, change }: FieldsProps) {
  const { alerts } = words.value
  const { kind, cooldown } = draft
  return (
    <>
      <div class="alert-form-part">
        <fieldset class="alert-kinds">
          <legend class="form-label">{alerts.when}</legend>
          {KINDS.map((one) => (
            <label key={one} class="alert-kind">
              <input
                type="radio"
                name="kind"
                checked={one === kind}
                onChange={() => change({ kind: one, threshold: '', timeframe: one === 'change' ? 'DAY_TRADING' : '' })}
              />
              <span>{alerts.kinds[one]}</span>
            </label>
          ))}
        </fieldset>
        <p class="faint small">{alerts.kindWhy[requestOf(draft).alertType]}</p>
      </div>
      {kind !== 'action' && kind !== 'strong' && (
        <Threshold draft={draft} kind={kind} row={row} fault={fault} change={change} />
      )}
      <div class="alert-form-pair">
        {kind !== 'price' && <Horizon draft={draft} change={change} />}
        <label class="alert-form-part">
          <span class="form-label">{alerts.cooldown}</span>
          <select
            class="field"
            value={cooldown}
            onChange={({ currentTarget }) => change({ cooldown: currentTarget.value as Cooldown })}
          >
            {(Object.keys(COOLDOWNS) as Cooldown[]).map((name) => (
              <option key={name} value={name}>
                {alerts.cooldowns[name]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </>
  )
}

type Measured = keyof ReturnType<typeof thresholdWords>
const thresholdWords = () => words.value.alerts.thresholds
const UNITS: Record<Measured, string> = { price: '$', change: '%', score: '/ 100' }

function Threshold({ draft, kind, row, fault, change }: FieldsProps & { kind: Measured }) {
  const { alerts } = words.value
  const { direction, threshold } = draft
  const now = nowText(draft, kind, row)
  return (
    <div class="alert-form-part">
      <Segmented
        label={alerts.direction}
        value={direction}
        options={[
          { value: 'above', text: alerts.above },
          { value: 'below', text: alerts.below },
        ]}
        choose={(next) => change({ direction: next })}
      />
      <div class="alert-form-line">
        <label class="form-label" for="alert-threshold">
          {alerts.thresholds[kind]}
        </label>
        {now !== null && <span class="faint small">{now}</span>}
      </div>
      <div class="alert-threshold" data-unit={kind}>
        <span aria-hidden="true">{UNITS[kind]}</span>
        <input
          id="alert-threshold"
          class="field"
          inputMode="decimal"
          autocomplete="off"
          value={threshold}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : 'alert-threshold-fault'}
          onInput={({ currentTarget }) => change({ threshold: currentTarget.value })}
        />
      </div>
      {fault !== null && fault !== undefined && (
        <p class="form-fault" id="alert-threshold-fault">
          {alerts.faults[fault]}
        </p>
      )}
      <div class="alert-offers">
        {offersOf(draft, row).map(({ text, ...offer }) => (
          <button key={text} type="button" class="alert-offer" onClick={() => change(offer)}>
            {text}
          </button>
        ))}
      </div>
    </div>
  )
}

function nowText(draft: Draft, kind: Measured, row: MarketRow | undefined): string | null {
  const { alertType, settings = {} } = requestOf(draft)
  const figure = figureNow({ alertType, settings }, row)
  return figure === null ? null : words.value.alerts.nowIs(figures.value[FIGURES[kind]](figure))
}

const FIGURES = { price: 'price', change: 'percent', score: 'score' } as const

function Horizon({ draft: { kind, timeframe }, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  const { alerts, timeframes } = words.value
  const isSpan = kind === 'change'
  return (
    <label class="alert-form-part">
      <span class="form-label">{isSpan ? alerts.span : alerts.horizon}</span>
      <select
        class="field"
        value={timeframe}
        onChange={({ currentTarget }) => change({ timeframe: currentTarget.value as Timeframe | '' })}
      >
        {!isSpan && <option value="">{alerts.surest}</option>}
        {TIMEFRAMES.map((one) => (
          <option key={one} value={one}>
            {isSpan ? alerts.spans[one] : timeframes[one]}
          </option>
        ))}
      </select>
    </label>
  )
}
