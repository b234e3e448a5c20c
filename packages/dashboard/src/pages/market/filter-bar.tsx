import './filter-bar.css'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { shown, summary } from '../../market/market.ts'
import { SORTS, type Sort } from '../../market/protocol.ts'
import { StarShape } from '../../pieces/star.tsx'
import { LeastFilters } from './least-filters.tsx'
import { screen } from './screen.ts'
import { SearchBox } from './search-box.tsx'
import { choice, choose, clearFilters, isFiltered } from './view.ts'
import { beginsDescending } from './view-query.ts'

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
        <StarShape />
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
      <LeastFilters />
      {isFiltered.value && (
        <button type="button" class="toggle toggle-clear" aria-label={market.clear} onClick={clearFilters}>
          <span class="toggle-clear-long">{market.clear}</span>
          <span class="toggle-clear-short" aria-hidden="true">
            ×
          </span>
        </button>
      )}
      <Count />
      <SortBox />
    </search>
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
    <span class="filters-count" role="status">
      {isFiltered.value && screen.value !== 'phone'
        ? market.shown(whole(total), whole(all))
        : market.shownAll(whole(isFiltered.value ? total : all))}
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
