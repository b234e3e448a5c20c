import createApi from 'openapi-fetch'
import { ApiError, badAnswer, failureOf } from './api-error.ts'
import type { CallOptions, Client } from './client.ts'
import type { paths } from './openapi.ts'
import { queryOf } from './questions.ts'
import type { Transport } from './transport.ts'
import type { Health } from './types.ts'

type Calls = Pick<Client, 'signals' | 'coins' | 'alerts' | 'coverage' | 'sources' | 'market' | 'health'>
type Api = ReturnType<typeof createApi<paths>>

/** One question, one answer. */
export function callsOf(baseUrl: string, headers: Record<string, string>, transport: Transport): Calls {
  const api = createApi<paths>({ baseUrl, headers, fetch: (request) => transport.ask(request) })
  const { GET } = api
  return {
    signals: signalsOf(api),
    coins: coinsOf(api),
    alerts: alertsOf(api),
    coverage: (options) => bodyOf(GET('/api/coverage', signalOf(options))),
    sources: (options) => bodyOf(GET('/api/sources', signalOf(options))),
    market: (options) => bodyOf(GET('/api/market', signalOf(options))),
    async health(options) {
      const fetch = (request: Request) => transport.ask(request, [503])
      const { data, error, response } = await readable(GET('/api/health', { ...signalOf(options), fetch }))
      const said = data ?? error
      if (typeof Object(said).status === 'string') return said as Health
      throw failureOf('GET /api/health', {
        status: response.status,
        body: JSON.stringify(said),
        retryAfterMs: undefined,
      })
    },
  }
}

const signalsOf = ({ GET }: Api): Client['signals'] => ({
  list: (query = {}, options) => bodyOf(GET('/api/signals', { params: { query }, ...signalOf(options) })),
  ofCoin: (coinId, options) =>
    bodyOf(GET('/api/signals/coin/{coinId}', { params: { path: { coinId } }, ...signalOf(options) })),
  history: (coinId, query = {}, options) =>
    bodyOf(GET('/api/signals/coin/{coinId}/history', { params: { path: { coinId }, query }, ...signalOf(options) })),
  search: (q, query = {}, options) =>
    bodyOf(GET('/api/signals/search', { params: { query: { q, ...query } }, ...signalOf(options) })),
  strong: (options) => bodyOf(GET('/api/signals/strong', signalOf(options))),
  stats: (options) => bodyOf(GET('/api/signals/stats', signalOf(options))),
  delta: (query, options) =>
    bodyOf(GET('/api/signals/delta', { params: { query: queryOf(query) }, ...signalOf(options) })),
})

const coinsOf = ({ GET }: Api): Client['coins'] => ({
  list: (query = {}, options) => bodyOf(GET('/api/coins', { params: { query }, ...signalOf(options) })),
  get: (coinId, options) => bodyOf(GET('/api/coins/{coinId}', { params: { path: { coinId } }, ...signalOf(options) })),
  bySymbol: (symbol, options) =>
    bodyOf(GET('/api/coins/by-symbol/{symbol}', { params: { path: { symbol } }, ...signalOf(options) })),
  bars: (coinId, query = {}, options) =>
    bodyOf(GET('/api/coins/{coinId}/bars', { params: { path: { coinId }, query }, ...signalOf(options) })),
})

const alertsOf = ({ GET, POST, DELETE }: Api): Client['alerts'] => ({
  list: (query = {}, options) => bodyOf(GET('/api/alerts', { params: { query }, ...signalOf(options) })),
  get: (alertId, options) =>
    bodyOf(GET('/api/alerts/{alertId}', { params: { path: { alertId } }, ...signalOf(options) })),
  create: (body, options) => bodyOf(POST('/api/alerts', { body, ...signalOf(options) })),
  remove: (alertId, options) =>
    bodyOf(DELETE('/api/alerts/{alertId}', { params: { path: { alertId } }, ...signalOf(options) })),
  triggered: (query = {}, options) => bodyOf(GET('/api/alerts/triggered', { params: { query }, ...signalOf(options) })),
})

const signalOf = ({ signal }: CallOptions = {}) => (signal === undefined ? {} : { signal })

async function bodyOf<T>(asked: Promise<{ data?: T }>): Promise<T> {
  const { data } = await readable(asked)
  if (data === undefined || Object(data).success !== true)
    throw badAnswer('The answer is none of a Crypto Signals server')
  return data
}

async function readable<R>(asked: Promise<R>): Promise<R> {
  try {
    return await asked
  } catch (cause) {
    if (cause instanceof SyntaxError) throw badAnswer('The answer is no JSON', { cause })
    if (cause instanceof URIError)
      throw new ApiError({ status: 0, code: 'UNSENDABLE', message: 'The text is not well-formed Unicode', cause })
    throw cause
  }
}
