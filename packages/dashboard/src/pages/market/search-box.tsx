import { effect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { words } from '../../language/words.ts'
import { shown } from '../../market/market.ts'
import { coinPath, go, route } from '../../routing/route.ts'
import { screen } from './screen.ts'
import { choice, choose } from './view.ts'
import { MOST_SEARCH } from './view-query.ts'

/** Enter opens the first coin found, the arrow down goes to the table. */
export function SearchBox() {
  const { market } = words.value
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest('input, select, textarea') !== null
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return
      event.preventDefault()
      field.current?.focus()
      field.current?.select()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const { search } = choice.value
  return (
    <div class="search">
      <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
        <circle cx="8.6" cy="8.6" r="5.4" />
        <path d="m12.7 12.7 4.3 4.3" />
      </svg>
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        spellcheck={false}
        maxLength={MOST_SEARCH}
        placeholder={screen.value === 'phone' ? market.searchShort : market.search}
        aria-label={market.search}
        aria-keyshortcuts="/"
        value={search}
        onInput={({ currentTarget }) => choose({ search: currentTarget.value })}
        onKeyDown={(event) => {
          if (event.isComposing) return
          if (event.key === 'Enter') openFirst()
          else if (event.key === 'ArrowDown') enterTable(event)
          else if (event.key !== 'Escape') return
          else if (search === '') event.currentTarget.blur()
          else choose({ search: '' })
        }}
      />
      {search === '' ? (
        <kbd title={market.searchHint}>/</kbd>
      ) : (
        <button
          type="button"
          class="search-clear"
          aria-label={market.clearSearch}
          onClick={() => choose({ search: '' })}
        >
          <svg viewBox="0 0 20 20" width="14" height="14" aria-hidden="true">
            <path d="m5 5 10 10M15 5 5 15" />
          </svg>
        </button>
      )}
    </div>
  )
}

/** Opens the first coin of what is searched: the worker may still be looking for it. */
function openFirst(): void {
  const { search } = choice.peek()
  if (search.trim() === '') return
  const stop = effect(() => {
    const told = shown.value
    const isOther = choice.value.search !== search || route.value.page !== 'market'
    if (!isOther && told?.view.search !== search) return
    queueMicrotask(() => stop())
    const coinId = told?.range.from === 0 ? told.rows[0]?.coinId : undefined
    if (!isOther && coinId !== undefined) queueMicrotask(() => go(coinPath(coinId)))
  })
}

function enterTable(event: KeyboardEvent): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('.coins')?.focus({ preventScroll: true })
}
