import './coin-table.css'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { ask, connection, shown } from '../../market/market.ts'
import { Notice } from '../../pieces/panel.tsx'
import { toggleStar } from '../../preferences.ts'
import { coinPath, go, isReturn } from '../../routing/route.ts'
import { CoinRow, rowId } from './coin-row.tsx'
import { screen } from './screen.ts'
import { sweep } from './sweep.ts'
import { TableHead } from './table-head.tsx'
import { choice, clearFilters, isFiltered, view } from './view.ts'
import { queryOf } from './view-query.ts'
import { useVisible } from './visible.ts'

const ROW_PX = 46
const PHONE_ROW_PX = 60
/** The worker is asked for so many more before and after, so that scrolling finds them there. */
const AHEAD = 24
const STEP = 8

/** Every coin of the view, of which only those on the screen are drawn. */
export function CoinTable() {
  const body = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<number | null>(null)
  const heightPx = screen.value === 'phone' ? PHONE_ROW_PX : ROW_PX
  const total = shown.value?.total ?? 0
  const coveredPx = () => Math.max(bottomOf(head.current), bottomOf(document.querySelector('.filters')))
  const { from, to, first, reveal } = useVisible({ count: total, heightPx, body, coveredPx })
  useAsking(from, to)
  useTop(body, coveredPx, () => setActive(null))
  useReturn()

  const { market } = words.value
  const move = (index: number) => {
    const next = Math.min(total - 1, Math.max(0, index))
    setActive(next)
    reveal(next)
  }
  return (
    <div
      class="coins"
      role="grid"
      tabIndex={0}
      aria-label={market.table}
      aria-description={market.keys}
      aria-rowcount={total + 1}
      aria-activedescendant={active !== null && active >= from && active < to ? rowId(active) : undefined}
      // Who comes to the table stands on a row of it.
      onFocus={() => active === null && total > 0 && move(first())}
      onKeyDown={(event) => onKey(event, { active, heightPx, total, move })}
    >
      <div class="coins-head" ref={head} role="rowgroup">
        <TableHead />
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table as a whole takes the keys */}
      <div
        ref={body}
        class="coins-body"
        role="rowgroup"
        style={{ height: `${total * heightPx}px`, '--row': `${heightPx}px` }}
        onClick={(event) => openClicked(event, setActive)}
      >
        <Rows from={from} to={to} heightPx={heightPx} active={active} />
      </div>
      <Nothing />
    </div>
  )
}

const bottomOf = (element: Element | null) => element?.getBoundingClientRect().bottom ?? 0

function Rows({ from, to, heightPx, active }: { from: number; to: number; heightPx: number; active: number | null }) {
  const told = shown.value
  if (told === null) return null
  const slots = Math.max(1, to - from)
  const rows = []
  for (let index = from; index < to; index++) {
    const row = told.rows[index - told.range.from]
    // An element that leaves at one end is drawn anew at the other.
    const key = index % slots
    const topPx = index * heightPx
    rows.push(
      row === undefined ? (
        <div key={key} class="coin-row coin-awaited" role="row" style={{ transform: `translateY(${topPx}px)` }}>
          <div role="gridcell" />
        </div>
      ) : (
        <CoinRow
          key={key}
          row={row}
          index={index}
          horizon={told.view.horizon}
          isActive={index === active}
          topPx={topPx}
        />
      ),
    )
  }
  return <>{rows}</>
}

/** Asks the worker for what is on the screen, and for more where that comes near its end. */
function useAsking(from: number, to: number): void {
  const range = {
    from: Math.max(0, Math.floor((from - AHEAD) / STEP) * STEP),
    to: Math.ceil((Math.max(to, FIRST_ROWS) + AHEAD) / STEP) * STEP,
  }
  const current = view.value
  const asked = useRef<typeof current | null>(null)
  useEffect(() => () => ask({ ask: 'range', range: { from: 0, to: 0 } }), [])
  useEffect(() => {
    ask(asked.current === current ? { ask: 'range', range } : { ask: 'view', view: current, range })
    asked.current = current
  }, [current, range.from, range.to])
}

const FIRST_ROWS = 24

/** Another choice of coins is shown from its first on. */
function useTop(body: { current: HTMLElement | null }, coveredPx: () => number, begin: () => void): void {
  const key = queryOf(choice.value)
  const last = useRef(key)
  useLayoutEffect(() => {
    if (last.current === key || body.current === null) return
    last.current = key
    begin()
    const above = body.current.getBoundingClientRect().top - coveredPx()
    if (above < 0) scrollBy(0, above)
  }, [key])
}

let leftAtPx = 0

/** Who comes back finds the table where he left it. */
function useReturn(): void {
  useLayoutEffect(() => {
    if (isReturn) scrollTo(0, leftAtPx)
    const remember = () => {
      leftAtPx = scrollY
    }
    addEventListener('scroll', remember, { passive: true })
    return () => removeEventListener('scroll', remember)
  }, [])
}

interface Keys {
  active: number | null
  heightPx: number
  total: number
  move: (index: number) => void
}

function onKey(event: KeyboardEvent, { active, heightPx, total, move }: Keys): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || total === 0) return
  const page = Math.max(1, Math.floor(innerHeight / heightPx) - 6)
  const at = active ?? -1
  const moves: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: total - 1,
  }
  const next = moves[event.key]
  const told = shown.peek()
  const coinId = active === null ? undefined : told?.rows[active - told.range.from]?.coinId
  if (next !== undefined) move(next)
  else if (event.key === 'Enter' && coinId !== undefined) go(coinPath(coinId))
  else if (event.key.toLowerCase() === 's' && coinId !== undefined) toggleStar(coinId)
  else return
  event.preventDefault()
}

/** A row is a link as a whole; what is pressed in it does its own. */
function openClicked(event: MouseEvent, setActive: (index: number) => void): void {
  if (!(event.target instanceof Element) || event.target.closest('a, button') !== null) return
  const index = Number(event.target.closest('[data-index]')?.getAttribute('data-index') ?? Number.NaN)
  const told = shown.peek()
  const coinId = told?.rows[index - told.range.from]?.coinId
  if (coinId === undefined || getSelection()?.type === 'Range') return
  setActive(index)
  go(coinPath(coinId))
}

/** What stands in the place of rows where there are none. */
function Nothing() {
  const { market } = words.value
  const told = shown.value
  if (told === null) return <Awaited />
  if (told.total > 0) return null
  if (!isFiltered.value)
    return (
      <Notice title={market.empty}>
        <p>{market.emptyWhy}</p>
      </Notice>
    )
  if (sweep.value !== null && !choice.value.starred) return <NotYet {...sweep.value} />
  const hasNoStars = choice.value.starred && (told.view.only?.length ?? 0) === 0
  return (
    <Notice title={hasNoStars ? market.noStars : market.none}>
      <p>{hasNoStars ? market.noStarsWhy : market.noneWhy}</p>
      <button type="button" class="button coins-clear" onClick={clearFilters}>
        {market.clear}
      </button>
    </Notice>
  )
}

/** What is not among the coins that are known so far may still come. */
function NotYet({ scored, listed }: { scored: number; listed: number }) {
  const { market } = words.value
  const { whole } = figures.value
  return (
    <Notice title={market.notYet}>
      <p>{market.notYetWhy(whole(scored), whole(listed))}</p>
    </Notice>
  )
}

/** The market is on its way: how far it is, and where its rows will be. */
function Awaited() {
  const { market } = words.value
  const { state, loaded } = connection.value
  if (state === 'waiting')
    return (
      <Notice title={market.waiting}>
        <p>{market.waitingWhy}</p>
      </Notice>
    )
  return (
    <div class="coins-awaited">
      <p role="status">{state === 'loading' ? market.loading(figures.value.whole(loaded)) : market.connecting}</p>
      {Array.from({ length: 14 }, (_, line) => (
        <span key={line} class="coins-line" />
      ))}
    </div>
  )
}
