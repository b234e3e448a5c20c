import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy'
import type { MarketRow } from '../../market/protocol.ts'

/** How large a tile is: as the market cap, or as its square root, which leaves room for the small ones. */
export const SCALES = ['root', 'linear'] as const
export type Scale = (typeof SCALES)[number]

/** The place of a coin on the map, px. */
export interface Tile {
  coinId: string
  x: number
  y: number
  width: number
  height: number
}

export interface Box {
  width: number
  height: number
}

/** Fills the box with one tile for each coin, the largest first. A coin without a market cap has no tile. */
export function layTiles(rows: readonly MarketRow[], { width, height }: Box, scale: Scale): Tile[] {
  const coins = rows.filter(({ marketCapUsd }) => (marketCapUsd ?? 0) > 0)
  if (coins.length === 0 || width < 1 || height < 1) return []
  const root = hierarchy<Node>({ children: coins.map((row) => ({ row })) })
    .sum(({ row }) => weightOf(row, scale))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || order(a.data.row, b.data.row))
  const { children = [] } = treemap<Node>().tile(treemapSquarify.ratio(1.25)).size([width, height]).round(true)(root)
  return children.map(({ data, x0, y0, x1, y1 }) => ({
    coinId: (data.row as MarketRow).coinId,
    x: x0,
    y: y0,
    width: x1 - x0,
    height: y1 - y0,
  }))
}

interface Node {
  row?: MarketRow
  children?: Node[]
}

function weightOf(row: MarketRow | undefined, scale: Scale): number {
  const cap = row?.marketCapUsd ?? 0
  return scale === 'linear' ? cap : Math.sqrt(cap)
}

const order = (a: MarketRow | undefined, b: MarketRow | undefined) => ((a?.coinId ?? '') < (b?.coinId ?? '') ? -1 : 1)

/** The coins that a map is made of: while they stay the same, so may their places. */
export const coinsOf = (rows: readonly MarketRow[]): string =>
  rows
    .map(({ coinId }) => coinId)
    .sort()
    .join('\n')

export type Direction = 'left' | 'right' | 'up' | 'down'

/** The next tile in a direction, as the eye would go: the nearest of those that lie there, one straight ahead before one aside. */
export function neighbourOf(tiles: readonly Tile[], from: Tile, direction: Direction): Tile | null {
  let nearest: Tile | null = null
  let least = Number.POSITIVE_INFINITY
  for (const tile of tiles) {
    const { ahead, aside } = wayTo(tile, from, direction)
    const far = ahead + 3 * aside
    if (tile !== from && ahead >= 0 && far < least) [nearest, least] = [tile, far]
  }
  return nearest
}

/** How far ahead a tile begins, negative where it does not lie in the direction, and how far aside of the middle of where we are. */
function wayTo(tile: Tile, from: Tile, direction: Direction): { ahead: number; aside: number } {
  const isAcross = direction === 'left' || direction === 'right'
  const middle = isAcross ? from.y + from.height / 2 : from.x + from.width / 2
  const [start, end] = isAcross ? [tile.y, tile.y + tile.height] : [tile.x, tile.x + tile.width]
  const aside = middle < start ? start - middle : middle > end ? middle - end : 0
  const ahead = {
    left: from.x - (tile.x + tile.width),
    right: tile.x - (from.x + from.width),
    up: from.y - (tile.y + tile.height),
    down: tile.y - (from.y + from.height),
  }[direction]
  return { ahead, aside }
}

/** Where a score lies between bearish (-1) and bullish (1). Most scores lie near the middle, so there the scale is spread. */
export function heatOf(score: number): number {
  const part = Math.min(1, Math.abs(score - 50) / FULL_HEAT)
  return Math.sign(score - 50) * part ** 0.85
}

/** So many points from 50 the colour is at its strongest. */
const FULL_HEAT = 32

export interface Room {
  /** All of it, symbol and score, one of them alone, or nothing. */
  shows: 'all' | 'both' | 'symbol' | 'score' | 'none'
  /** The size of the largest letters, px. */
  px: number
}

/** What a tile has room for. */
export function roomOf({ width, height }: Box, symbol: string): Room {
  const letters = Math.max(3, symbol.length)
  const px = Math.min(30, Math.floor(Math.min((width - 12) / (letters * 0.74), height / 3.6)))
  if (px >= 11 && height >= 58 && width >= 62) return { shows: 'all', px }
  if (px >= 9 && height >= 34) return { shows: 'both', px: Math.min(px, 15) }
  const small = Math.floor(Math.min((width - 4) / (letters * 0.7), height - 5))
  if (small >= 9) return { shows: 'symbol', px: Math.min(small, 12) }
  return width >= 20 && height >= 16 ? { shows: 'score', px: 11 } : { shows: 'none', px: 0 }
}
