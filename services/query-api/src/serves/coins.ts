import { CoinDetail, CoinParams, CoinsPage, CoinsQuery, NoQuery } from '@crypto-signals/contracts'
import { failures } from '@crypto-signals/service'
import type { FastifyInstance } from 'fastify'
import { queryError } from '../errors.ts'
import type { Market } from '../read-model/market.ts'
import { answer, NOT_MODIFIED, type Serving } from './answer.ts'
import { listBody, objectBody, pageTail } from './body.ts'

/** The routes under /api/coins. */
export function serveCoins(app: FastifyInstance, serving: Serving): void {
  servePage(app, serving)
  serveCoin(app, serving)
}

const tags = ['coins']

function servePage(app: FastifyInstance, serving: Serving): void {
  const { coins } = serving.market
  const schema = {
    summary: 'Coins with their latest observation, a page at a time',
    tags,
    querystring: CoinsQuery,
    response: { 200: CoinsPage, ...NOT_MODIFIED, ...failures(400) },
  }
  app.get<{ Querystring: CoinsQuery }>('/api/coins', { schema }, (request, reply) =>
    answer(serving, request, reply, (meta, nowMs) => {
      const { page, limit, sort } = request.query
      const { rows, total } = coins.page(sort, (page - 1) * limit, limit)
      return listBody(coins.bytes, rows, nowMs, pageTail(request.query, total, meta))
    }),
  )
}

function serveCoin(app: FastifyInstance, serving: Serving): void {
  const { market } = serving
  const schema = {
    summary: 'A coin, its latest observation and its primary signal',
    tags,
    params: CoinParams,
    querystring: NoQuery,
    response: { 200: CoinDetail, ...NOT_MODIFIED, ...failures(400, 404) },
  }
  app.get<{ Params: CoinParams }>('/api/coins/:coinId', { schema }, (request, reply) => {
    const slot = observedSlot(market, request.params.coinId)
    return answer(serving, request, reply, (meta, nowMs) => objectBody(coinJson(market, slot, nowMs), meta))
  })
}

function observedSlot({ slots, coins }: Market, coinId: string): number {
  const slot = slots.find(coinId)
  if (slot !== undefined && coins.has(slot)) return slot
  throw queryError('QUERY_COIN_NOT_FOUND', [{ path: 'params/coinId', message: 'is not a known coin' }])
}

function coinJson({ coins, signals }: Market, slot: number, nowMs: number): string {
  const row = signals.has(slot) ? signals.view().rows[slot] : undefined
  const signal = row === undefined ? 'null' : `${signals.bytes.text(row, nowMs)}}`
  return `${coins.bytes.text(slot, nowMs)},"signal":${signal}}`
}
