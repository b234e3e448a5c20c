import { words } from '../../language/words.ts'
import { horizon } from '../../preferences.ts'
import { COLUMNS, type Column } from './columns.ts'
import { choice, choose, sortBy } from './view.ts'

/** The heads of the columns; most sort by theirs. */
export function TableHead() {
  return (
    <div class="coin-row coin-head" role="row" aria-rowindex={1}>
      {COLUMNS.map((column) => (
        <Head key={column.horizon ?? column.name} column={column} />
      ))}
    </div>
  )
}

function Head({ column }: { column: Column }) {
  const { market, timeframes } = words.value
  const { name, sort } = column
  const isChosen = column.horizon === null || column.horizon === horizon.value
  const isSorted = sort !== null && sort === choice.value.sort && isChosen
  const cell = `cell cell-${name}${column.horizon !== null && isChosen ? ' cell-chosen' : ''}`
  if (sort === null)
    return (
      <div class={cell} role="columnheader">
        {name === 'shape' ? market.week : <span class="unseen">{market.starred}</span>}
      </div>
    )
  const text = sort === 'score' ? market.short[column.horizon ?? horizon.value] : market.columns[sort]
  const full = column.horizon === null ? market.sorts[sort] : market.scoreOn(timeframes[column.horizon])
  const { descending } = choice.value
  return (
    <div class={cell} role="columnheader" aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="coin-sort" title={market.sortOn(full)} onClick={() => sortOn(column, sort)}>
        <span>{text}</span>
        {text !== full && <span class="unseen">{full}</span>}
        {isSorted && (
          <svg viewBox="0 0 8 8" width="7" height="7" aria-hidden="true">
            <path d={descending ? 'M0 2h8L4 7z' : 'M0 6h8L4 1z'} fill="currentColor" />
          </svg>
        )}
      </button>
    </div>
  )
}

/** A horizon that is not yet the chosen one is first shown from its highest score on. */
function sortOn(column: Column, sort: NonNullable<Column['sort']>): void {
  if (column.horizon === null || column.horizon === horizon.value) sortBy(sort)
  else {
    horizon.value = column.horizon
    choose({ sort, descending: true })
  }
}
