export interface Answer {
  status: number
  body: string
}

interface Question {
  path: string
  query: URLSearchParams
}

interface Market {
  rows: readonly unknown[]
  list: readonly unknown[] | null
}

/** What CoinGecko answers when nothing goes wrong. */
export function answerOf({ path, query }: Question, market: Market): Answer {
  if (path === '/ping') return json(200, { gecko_says: '(V3) To the Moon!' })
  if (path === '/coins/list') return json(200, market.list ?? listed(market.rows))
  if (path === '/coins/markets') return markets(query, market.rows)
  return json(404, { error: 'Incorrect path. Please check https://www.coingecko.com/api/' })
}

const MAX_PER_PAGE = 250

function markets(query: URLSearchParams, rows: readonly unknown[]): Answer {
  if (!query.has('vs_currency')) return json(422, { error: 'Missing parameter vs_currency' })
  const perPage = Math.min(Number(query.get('per_page') ?? 100), MAX_PER_PAGE)
  const start = (Number(query.get('page') ?? 1) - 1) * perPage
  const chosen = ordered(query.get('order') ?? 'market_cap_desc', wanted(query.get('ids'), rows))
  if (chosen === undefined || !(perPage >= 1 && start >= 0)) return json(400, { error: 'invalid parameter' })
  return json(200, chosen.slice(start, start + perPage))
}

function wanted(ids: string | null, rows: readonly unknown[]): readonly unknown[] {
  if (ids === null || ids === '') return rows
  const asked = new Set<unknown>(ids.split(','))
  return rows.filter((row) => asked.has(fieldOf(row, 'id')))
}

/** The rows lie by market cap as they are given: a sort would put an end to repeats and drift between pages. */
function ordered(order: string, rows: readonly unknown[]): readonly unknown[] | undefined {
  if (order === 'market_cap_desc') return rows
  if (order !== 'id_asc') return undefined
  const key = (row: unknown) => String(fieldOf(row, 'id'))
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

function listed(rows: readonly unknown[]) {
  const coins = new Map<string, { id: string; symbol: unknown; name: unknown }>()
  for (const row of rows) {
    const id = fieldOf(row, 'id')
    if (typeof id === 'string') coins.set(id, { id, symbol: fieldOf(row, 'symbol'), name: fieldOf(row, 'name') })
  }
  return [...coins.values()]
}

const fieldOf = (row: unknown, field: string) => (row as Record<string, unknown> | null)?.[field]

const json = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) })
