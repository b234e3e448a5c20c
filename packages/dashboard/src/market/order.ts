import type { MarketRow, Sort, Timeframe, View } from './protocol.ts'

/** The figure that a sort compares; null where there is none. Names are no figures: see `nameOrder`. */
export function figureOf(row: MarketRow, sort: Exclude<Sort, 'name'>, horizon: Timeframe): number | null {
  switch (sort) {
    case 'rank':
      return row.rank
    case 'price':
      return row.priceUsd
    case 'marketCap':
      return row.marketCapUsd
    case 'volume':
      return row.volumeUsd24h
    case 'updated':
      return Date.parse(row.observedAt)
    case 'score':
    case 'confidence':
      return opinionOf(row, horizon)?.[sort === 'score' ? 'finalScore' : 'confidence'] ?? null
    default:
      return row.changePct[sort]
  }
}

/** What the horizon says of a coin; null where it was not scored, or too little is known for an opinion. */
export function opinionOf({ signals }: MarketRow, horizon: Timeframe) {
  const score = signals?.[horizon]
  return score === undefined || score.insufficientData ? null : score
}

/** What a search looks in. */
export const searchTextOf = ({ coinId, symbol, name }: MarketRow) => `${coinId}\n${symbol}\n${name}`.toLowerCase()

/** How well a coin fits what is searched: 0 is it, 1 begins with it, 2 contains it. `text` is its `searchTextOf`. */
export function fitOf(text: string, search: string): number {
  const parts = text.split('\n')
  if (parts.includes(search)) return 0
  return parts.some((part) => part.startsWith(search)) ? 1 : 2
}

/** Whether a view shows a coin, but for the search. */
export function isWanted(row: MarketRow, view: View, only: ReadonlySet<string> | null): boolean {
  const { actions, horizon, sure, maxRank, minVolumeUsd } = view
  if (only !== null && !only.has(row.coinId)) return false
  if (maxRank !== null && (row.rank === null || row.rank > maxRank)) return false
  if (minVolumeUsd !== null && (row.volumeUsd24h === null || row.volumeUsd24h < minVolumeUsd)) return false
  if (actions.length === 0 && !sure) return true
  const opinion = opinionOf(row, horizon)
  return opinion !== null && (actions.length === 0 || actions.includes(opinion.action))
}

/** The place of each row by its name, as a reader would look it up. */
export function nameOrder(rows: readonly MarketRow[]): Float64Array {
  const { compare } = new Intl.Collator('en', { numeric: true })
  const places = new Float64Array(rows.length)
  const order = rows.map((_, slot) => slot).sort((a, b) => compare(rows[a]?.name ?? '', rows[b]?.name ?? ''))
  for (const [place, slot] of order.entries()) places[slot] = place
  return places
}
