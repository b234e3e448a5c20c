import './filter-bar.css'
import { useEffect, useRef } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { shown, summary } from '../../market/market.ts'
import { SORTS, type Sort } from '../../market/protocol.ts'
import { screen } from './screen.ts'
import { choice, choose, clearFilters, isFiltered } from './view.ts'
import { beginsDescending, MOST_SEARCH } from './view-query.ts'

/** Which of the coins are shown; `/` goes to the search from anywhere on the page. */
export function FilterBar() {
  const { market } = words.value
  const { starred, sure } = choice.value
  return (
    <search class="filters">
      <SearchBox />
      <button
        type="button"
        class="toggle"
        aria-pressed={starred}
        aria-label={market.starred}
        onClick={() => choose({ starred: !starred })}
      >
        <svg viewBox="0 0 20 20" width="15" height="15" aria-hidden="true">
          <path d="m10 2.6 2.3 4.7 5.1.7-3.7 3.6.9 5.1L10 14.3l-4.6 2.4.9-5.1L2.6 8l5.1-.7z" />
        </svg>
        <span>{market.starred}</span>
      </button>
      <button
        type="button"
        class="toggle filters-sure"
        aria-pressed={sure}
        title={market.sureWhy}
        onClick={() => choose({ sure: !sure })}
      >
        {market.sure}
      </button>
      {isFiltered.value && (
        <button type="button" class="toggle toggle-clear" onClick={clearFilters}>
          {market.clear}
        </button>
      )}
      <Count />
      <SortBox />
    </search>
  )
}

function SearchBox() {
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
          if (event.key !== 'Escape') return
          if (search === '') event.currentTarget.blur()
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

/** How many coins are shown, told aloud as it changes by what the reader does. */
function Count() {
  const { market } = words.value
  const { whole } = figures.value
  const total = shown.value?.total ?? null
  const all = summary.value?.coins ?? null
  if (total === null || all === null) return <span class="filters-count" role="status" />
  return (
    <span class={isFiltered.value ? 'filters-count' : 'filters-count filters-all'} role="status">
      {isFiltered.value ? market.shown(whole(total), whole(all)) : market.shownAll(whole(all))}
    </span>
  )
}

/** Where the table has no heads to sort by. */
function SortBox() {
  const { market } = words.value
  const { sort, descending } = choice.value
  return (
    <div class="filters-sort">
      <select
        class="field"
        aria-label={market.sortBy}
        value={sort}
        onChange={({ currentTarget }) => {
          const next = currentTarget.value as Sort
          choose({ sort: next, descending: beginsDescending(next) })
        }}
      >
        {SORTS.map((each) => (
          <option key={each} value={each}>
            {market.sorts[each]}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="toggle"
        aria-label={descending ? market.descending : market.ascending}
        onClick={() => choose({ descending: !descending })}
      >
        {descending ? '↓' : '↑'}
      </button>
    </div>
  )
}
