import './coin-picker.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { ask, connection, found, summary } from '../../market/market.ts'
import type { MarketRow } from '../../market/protocol.ts'
import { Monogram } from '../../pieces/monogram.tsx'
import { stepped } from './stepped.ts'

interface CoinPickerProps {
  choose: (coin: MarketRow) => void
  /** Why what was chosen will not do. */
  fault: string | null
  /** Where the focus goes when the picker comes. */
  isFocused: boolean
}

const MOST = 8

/** Finds a coin as the reader types. Coins that share a symbol are told apart by name, rank and price. */
export function CoinPicker({ choose, fault, isFocused }: CoinPickerProps) {
  const { alerts } = words.value
  const [text, type] = useState('')
  const [isOpen, open] = useState(false)
  const [at, move] = useState<number | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const search = text.trim()
  // Until the worker holds the whole market, what it does not find may still come.
  const isWhole = summary.value !== null
  useEffect(() => {
    if (search !== '') ask({ ask: 'find', search, count: MOST })
  }, [search, connection.value.state, isWhole])
  useEffect(() => {
    if (isFocused) input.current?.focus()
  }, [isFocused])

  const isAnswered = search !== '' && found.value.search === search
  const coins = isAnswered ? found.value.rows : []
  const isShown = isOpen && isAnswered
  const active = at === null ? undefined : coins[at]
  const outcome = !isWhole ? alerts.coinLoading : coins.length === 0 ? alerts.coinNone : null
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && coins.length > 0) {
      event.preventDefault()
      move(stepped(isShown ? at : null, step, coins.length))
      open(true)
    } else if (event.key === 'Enter' && isShown && coins[at ?? 0] !== undefined) {
      event.preventDefault()
      // Without a choice the best match, as in the search of the market.
      choose(coins[at ?? 0] as MarketRow)
    } else if (event.key === 'Escape') open(false)
  }
  return (
    <div class="coin-picker">
      <label class="form-label" for="alert-coin">
        {alerts.coin}
      </label>
      <input
        id="alert-coin"
        ref={input}
        class="field"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={alerts.coinHint}
        value={text}
        aria-expanded={isShown}
        aria-controls="alert-coins"
        aria-autocomplete="list"
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : 'alert-coin-fault'}
        {...(isShown && active !== undefined ? { 'aria-activedescendant': `alert-coin-${at}` } : {})}
        onInput={({ currentTarget }) => {
          type(currentTarget.value)
          move(null)
          open(true)
        }}
        onFocus={() => open(true)}
        onBlur={() => open(false)}
        onKeyDown={onKeyDown}
      />
      <div id="alert-coins" role="listbox" aria-label={alerts.coin} class="coin-picker-list" hidden={!isShown}>
        {coins.map((coin, index) => (
          <Choice key={coin.coinId} coin={coin} index={index} isActive={index === at} choose={choose} />
        ))}
        {isShown && outcome !== null && (
          <div class="coin-picker-none" role="option" tabIndex={-1} aria-disabled="true" aria-selected="false">
            {outcome}
          </div>
        )}
      </div>
      <span class="unseen" role="status">
        {isShown ? (outcome ?? alerts.coinFound(coins.length)) : ''}
      </span>
      {fault !== null && (
        <p class="form-fault" id="alert-coin-fault">
          {fault}
        </p>
      )}
    </div>
  )
}

interface ChoiceProps {
  coin: MarketRow
  index: number
  isActive: boolean
  choose: (coin: MarketRow) => void
}

function Choice({ coin, index, isActive, choose }: ChoiceProps) {
  const { coinId, symbol, name, rank, priceUsd } = coin
  const { whole, price } = figures.value
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
    <div
      id={`alert-coin-${index}`}
      role="option"
      class="coin-picker-choice"
      tabIndex={-1}
      aria-selected={isActive}
      // The focus stays in the input: losing it would close the list before the click.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => choose(coin)}
    >
      <Monogram coinId={coinId} name={name} />
      <span class="coin-picker-names">
        <span>
          <strong>{symbol.toUpperCase()}</strong> {rank !== null && <span class="faint small">#{whole(rank)}</span>}
        </span>
        <span class="dim small">{name}</span>
      </span>
      <span class="figure">{price(priceUsd)}</span>
    </div>
  )
}
