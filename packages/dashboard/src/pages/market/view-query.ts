import { ACTIONS, SORTS, type Sort, TIMEFRAMES, type Timeframe, type View } from '../../market/protocol.ts'

/** What of a view stands in the address, so that a link shows the same table. */
export type ViewChoice = Omit<View, 'horizon' | 'only'> & { starred: boolean }

export const FIRST_CHOICE: ViewChoice = {
  sort: 'rank',
  descending: false,
  actions: [],
  search: '',
  sure: false,
  maxRank: null,
  minVolumeUsd: null,
  starred: false,
}

/** What ranks and volumes can be asked for. */
export const RANKS = [100, 500, 2_000] as const
export const VOLUMES_USD = [10_000, 100_000, 1_000_000] as const

/** Whether a sort begins with the greatest: ranks and names are read from the first on. */
export const beginsDescending = (sort: Sort) => sort !== 'rank' && sort !== 'name'

/** What an address asks for; what it says wrong counts as not said. */
export function choiceIn(query: string): ViewChoice {
  const asked = new URLSearchParams(query)
  const sort = SORTS.find((sort) => sort === asked.get('sort')) ?? FIRST_CHOICE.sort
  const order = asked.get('order')
  const named = new Set(asked.get('actions')?.split(','))
  return {
    sort,
    descending: order === 'asc' || order === 'desc' ? order === 'desc' : beginsDescending(sort),
    actions: ACTIONS.filter((action) => named.has(action.toLowerCase())),
    search: (asked.get('q') ?? '').slice(0, MOST_SEARCH),
    sure: asked.get('sure') === 'true',
    maxRank: RANKS.find((rank) => String(rank) === asked.get('rank')) ?? null,
    minVolumeUsd: VOLUMES_USD.find((volume) => String(volume) === asked.get('volume')) ?? null,
    starred: asked.get('starred') === 'true',
  }
}

/** The address's part for a choice, with its question mark; empty for the first choice. */
export function queryOf(choice: ViewChoice): string {
  const { sort, descending, actions, search, sure, maxRank, minVolumeUsd, starred } = choice
  const query = new URLSearchParams()
  if (search !== '') query.set('q', search)
  if (sort !== FIRST_CHOICE.sort || descending !== FIRST_CHOICE.descending) query.set('sort', sort)
  if (descending !== beginsDescending(sort)) query.set('order', descending ? 'desc' : 'asc')
  if (actions.length > 0) query.set('actions', actions.map((action) => action.toLowerCase()).join(','))
  if (sure) query.set('sure', 'true')
  if (maxRank !== null) query.set('rank', String(maxRank))
  if (minVolumeUsd !== null) query.set('volume', String(minVolumeUsd))
  if (starred) query.set('starred', 'true')
  return query.size === 0 ? '' : `?${query}`
}

/** The same with the horizon, where what is shown depends on it: whoever is sent the address may look at another one. */
export function addressOf(choice: ViewChoice, horizon: Timeframe): string {
  const query = queryOf(choice)
  const depends = choice.sort === 'score' || choice.actions.length > 0 || choice.sure
  return depends ? `${query}&timeframe=${horizon.toLowerCase()}` : query
}

/** The horizon that an address means, if it says one. */
export function horizonIn(query: string): Timeframe | null {
  const asked = new URLSearchParams(query).get('timeframe')
  return TIMEFRAMES.find((timeframe) => timeframe.toLowerCase() === asked) ?? null
}

export const MOST_SEARCH = 64
