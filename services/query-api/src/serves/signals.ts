import {
  type Action,
  CoinParams,
  CoinSignal,
  NoQuery,
  SearchQuery,
  SignalStats,
  SignalsList,
  SignalsPage,
  SignalsQuery,
  TIMEFRAMES,
} from '@crypto-signals/contracts'
import { failures, httpError } from '@crypto-signals/service'
import type { FastifyInstance } from 'fastify'
import { queryError } from '../errors.ts'
import type { Market } from '../read-model/market.ts'
import { select } from '../read-model/select.ts'
import { answer, answerOfNow, NOT_MODIFIED, type Serving } from './answer.ts'
import { countTail, listBody, objectBody, pageTail } from './body.ts'
import { unknownCoin } from './candidates.ts'
import { statsOf } from './stats.ts'

/** The routes under /api/signals. */
export function serveSignals(app: FastifyInstance, serving: Serving): void {
  servePage(app, serving)
  serveCoin(app, serving)
  serveSearch(app, serving)
  serveStrong(app, serving)
  serveStats(app, serving)
}

const STRONG_LIMIT = 100

const tags = ['signals']

function servePage(app: FastifyInstance, serving: Serving): void {
  const { signals } = serving.market
  const schema = {
    summary: 'Signals, a page at a time: the primary one of each coin, or those of one horizon',
    tags,
    querystring: SignalsQuery,
    response: { 200: SignalsPage, ...NOT_MODIFIED, ...failures(400) },
  }
  app.get<{ Querystring: SignalsQuery }>('/api/signals', { schema }, (request, reply) => {
    const { page, limit, sort, filter, timeframe } = request.query
    const { min_score: minScore, max_score: maxScore, max_age: maxAge } = request.query
    if (minScore !== undefined && maxScore !== undefined && minScore > maxScore) throw emptyRange()
    return (maxAge === undefined ? answer : answerOfNow)(serving, request, reply, (meta, nowMs) => {
      const action = filter?.toUpperCase() as Action | undefined
      const since =
        maxAge === undefined ? undefined : { ms: nowMs - maxAge * 1_000, observedAtMs: signals.observedAtMs() }
      const window = { offset: (page - 1) * limit, limit }
      const { rows, total } = select(signals.view(timeframe), { sort, action, minScore, maxScore, since, ...window })
      return listBody(signals.bytes, rows, nowMs, pageTail(request.query, total, meta))
    })
  })
}

const emptyRange = () =>
  httpError('HTTP_INVALID_REQUEST', [{ path: 'query/min_score', message: 'must not be greater than max_score' }])

function serveCoin(app: FastifyInstance, serving: Serving): void {
  const { market, asked } = serving
  const schema = {
    summary: "A coin's primary signal, and those of its four horizons",
    tags,
    params: CoinParams,
    querystring: NoQuery,
    response: { 200: CoinSignal, ...NOT_MODIFIED, ...failures(400, 404) },
  }
  app.get<{ Params: CoinParams }>('/api/signals/coin/:coinId', { schema }, (request, reply) => {
    const { coinId } = request.params
    const slot = scoredSlot(market, coinId)
    asked(coinId)
    return answer(serving, request, reply, (meta, nowMs) => objectBody(coinJson(market, slot, nowMs), meta))
  })
}

/** Where a coin's signals are; throws a 404 if it has none. */
export function scoredSlot({ slots, coins, signals }: Market, coinId: string): number {
  const slot = slots.find(coinId)
  if (slot === undefined) throw unknownCoin(coins, coinId)
  if (!signals.has(slot))
    throw queryError('QUERY_NOT_SCORED', [{ path: 'params/coinId', message: 'has no signal yet' }])
  return slot
}

function coinJson({ signals }: Market, slot: number, nowMs: number): string {
  const text = (row: number) => signals.bytes.text(row, nowMs)
  const horizons = TIMEFRAMES.map((timeframe, i) => `"${timeframe}":${text(signals.rowOf(slot, i))}}`)
  return `${text(signals.view().rows[slot] as number)},"timeframes":{${horizons.join()}}}`
}

function serveSearch(app: FastifyInstance, serving: Serving): void {
  const { signals } = serving.market
  const schema = {
    summary: 'Primary signals of the coins whose id, symbol or name contains a text',
    tags,
    querystring: SearchQuery,
    response: { 200: SignalsList, ...NOT_MODIFIED, ...failures(400) },
  }
  app.get<{ Querystring: SearchQuery }>('/api/signals/search', { schema }, (request, reply) =>
    answer(serving, request, reply, (meta, nowMs) => {
      const rows = signals.search.rows(request.query.q, request.query.limit, request.query.sort)
      return listBody(signals.bytes, rows, nowMs, countTail(rows.length, meta))
    }),
  )
}

function serveStrong(app: FastifyInstance, serving: Serving): void {
  const { signals } = serving.market
  const schema = {
    summary: 'The strongest primary signals either way, the strongest first',
    tags,
    querystring: NoQuery,
    response: { 200: SignalsList, ...NOT_MODIFIED, ...failures(400) },
  }
  app.get('/api/signals/strong', { schema }, (request, reply) =>
    answer(serving, request, reply, (meta, nowMs) => {
      const rows = signals.strong(STRONG_LIMIT)
      return listBody(signals.bytes, rows, nowMs, countTail(rows.length, meta))
    }),
  )
}

function serveStats(app: FastifyInstance, serving: Serving): void {
  const { signals } = serving.market
  const schema = {
    summary: 'How many coins are rated how, and the average score of each horizon',
    tags,
    querystring: NoQuery,
    response: { 200: SignalStats, ...NOT_MODIFIED, ...failures(400) },
  }
  app.get('/api/signals/stats', { schema }, (request, reply) =>
    answer(serving, request, reply, (meta) => objectBody(JSON.stringify(statsOf(signals)), meta)),
  )
}
