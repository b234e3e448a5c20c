import './heat-map.css'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import type { Action, MarketRow } from '../../market/protocol.ts'
import { memo } from '../../pieces/memo.tsx'
import { horizon, language } from '../../preferences.ts'
import { coinPath } from '../../routing/route.ts'
import { heatStyle, said } from './heat.ts'
import { HeatCard } from './heat-card.tsx'
import { type Box, coinsOf, type Direction, layTiles, neighbourOf, roomOf, type Scale, type Tile } from './tiles.ts'

interface HeatMapProps {
  rows: readonly MarketRow[]
  scale: Scale
  lit: Action | null
}

/** Coins as tiles. One of them is in the tab order, the arrow keys go to the others. */
export function HeatMap({ rows, scale, lit }: HeatMapProps) {
  const { heatMap } = words.value
  const frame = useRef<HTMLDivElement>(null)
  const box = useBox(frame)
  const tiles = useTiles(rows, box, scale)
  const byId = useMemo(() => new Map(rows.map((row) => [row.coinId, row])), [rows])
  const [current, setCurrent] = useState<string | null>(null)
  const [carded, setCarded] = useState<string | null>(null)
  const atId = current !== null && tiles.some(({ coinId }) => coinId === current) ? current : tiles[0]?.coinId
  const card = tiles.find(({ coinId }) => coinId === carded)
  const cardRow = card === undefined ? undefined : byId.get(card.coinId)

  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return setCarded(null)
    const next = nextTile(tiles, atId, event.key)
    if (next === undefined || next === null) return
    event.preventDefault()
    frame.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(next.coinId)}"]`)?.focus()
  }
  return (
    <div class="heat" ref={frame} onPointerLeave={() => setCarded(null)}>
      <ul
        class="heat-tiles"
        aria-label={heatMap.mapLabel}
        onKeyDown={move}
        onFocusIn={({ target }) => {
          const coinId = coinAt(target)
          if (coinId === null) return
          setCurrent(coinId)
          setCarded(coinId)
        }}
        onFocusOut={() => setCarded(null)}
        onPointerOver={({ target, pointerType }) => {
          if (pointerType === 'mouse') setCarded(coinAt(target))
        }}
      >
        {tiles.map((tile) => {
          const row = byId.get(tile.coinId)
          return row === undefined ? null : (
            <HeatTile key={tile.coinId} tile={tile} isCurrent={tile.coinId === atId} {...shownOf(row, lit)} />
          )
        })}
      </ul>
      {card !== undefined && cardRow !== undefined && <HeatCard row={cardRow} tile={card} box={box} />}
    </div>
  )
}

interface HeatTileProps {
  tile: Tile
  isCurrent: boolean
  symbol: string
  score: string
  change: string
  label: string
  heat: string
  isDim: boolean
}

/** Only strings and numbers go in, so that a tile whose coin did not change is not drawn anew. */
const HeatTile = memo(({ tile, isCurrent, symbol, score, change, label, heat, isDim }: HeatTileProps) => {
  const { shows, px } = roomOf(tile, symbol)
  return (
    <li
      class={isDim ? 'heat-tile heat-dim' : 'heat-tile'}
      style={{ translate: `${tile.x}px ${tile.y}px`, width: `${tile.width}px`, height: `${tile.height}px` }}
    >
      <a
        href={coinPath(tile.coinId)}
        data-tile={tile.coinId}
        data-heat={heat === '' ? 'none' : undefined}
        tabIndex={isCurrent ? 0 : -1}
        style={heat === '' ? {} : { backgroundColor: heat }}
      >
        <span class="unseen">{label}</span>
        {(shows === 'all' || shows === 'both' || shows === 'symbol') && (
          <span class="heat-symbol" aria-hidden="true" style={{ fontSize: `${px}px` }}>
            {symbol}
          </span>
        )}
        {(shows === 'all' || shows === 'both' || shows === 'score') && (
          <span class="heat-score" aria-hidden="true" style={{ fontSize: `${Math.max(11, px * 0.66)}px` }}>
            {score}
          </span>
        )}
        {shows === 'all' && (
          <span class="heat-change" aria-hidden="true">
            {change}
          </span>
        )}
      </a>
    </li>
  )
}, isSameTile)

function isSameTile(a: HeatTileProps, b: HeatTileProps): boolean {
  const { tile, ...rest } = a
  const { tile: next, ...others } = b
  return (
    tile.x === next.x &&
    tile.y === next.y &&
    tile.width === next.width &&
    tile.height === next.height &&
    Object.entries(rest).every(([key, value]) => others[key as keyof typeof others] === value)
  )
}

function shownOf(row: MarketRow, lit: Action | null): Omit<HeatTileProps, 'tile' | 'isCurrent'> {
  const { heatMap } = words.value
  const signal = row.signals?.[horizon.value]
  const isSure = signal !== undefined && !signal.insufficientData
  const change = figures.value.percent(row.changePct['24h'])
  return {
    symbol: row.symbol.toUpperCase() || row.name,
    score: isSure ? figures.value.score(signal.finalScore) : '–',
    change,
    label: heatMap.tile(row.name, said(signal), change),
    heat: isSure ? heatStyle(signal.finalScore) : '',
    isDim: lit !== null && !(isSure && signal.action === lit),
  }
}

/** Places stay where they are while prices change; they are made anew when coins come or go, or after a while. */
function useTiles(rows: readonly MarketRow[], box: Box, scale: Scale): Tile[] {
  const coins = useMemo(() => coinsOf(rows), [rows])
  const turn = Math.floor(Date.now() / KEPT_MS)
  // oxlint-disable-next-line react/exhaustive-deps
  return useMemo(() => layTiles(rows, box, scale), [coins, box, scale, turn, language.value])
}

const KEPT_MS = 60_000

function useBox(frame: { current: HTMLDivElement | null }): Box {
  const [box, setBox] = useState<Box>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = frame.current as HTMLDivElement
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element
      setBox((last) => (last.width === width && last.height === height ? last : { width, height }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return box
}

function nextTile(tiles: readonly Tile[], atId: string | undefined, key: string): Tile | null | undefined {
  const at = tiles.find(({ coinId }) => coinId === atId)
  if (key === 'Home') return tiles[0]
  if (key === 'End') return tiles.at(-1)
  const direction = DIRECTIONS[key]
  return at === undefined || direction === undefined ? undefined : neighbourOf(tiles, at, direction)
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

const coinAt = (target: EventTarget | null): string | null =>
  (target as Element | null)?.closest?.<HTMLElement>('[data-tile]')?.dataset.tile ?? null
