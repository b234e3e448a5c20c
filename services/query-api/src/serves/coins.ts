import { CoinDetail, CoinParams, CoinsPage, CoinsQuery, NoQuery, SymbolParams } from '@crypto-signals/contracts'
import { failures } from '@crypto-signals/service'
import type { FastifyInstance } from 'fastify'
import { queryError } from '../errors.ts'
import type { Market } from '../read-model/market.ts'
import { answer, answerOfNow, NOT_MODIFIED, type Serving } from './answer.ts'
import { listBody, objectBody, pageTail } from './body.ts'
import { candidatesOf, unknownCoin } from './candidates.ts'

/** The routes under /api/coins. */
export function serveCoins(app: FastifyInstance, serving: Serving): void {
  servePage(app, serving)
  serveCoin(app, serving)
  serveCoinOfSymbol(app, serving)
}

const tags = ['coins']

function servePage(app: FastifyInstance, serving: Serving): void {
  const { coins } = serving.market
  const schema = {
    summary: 'Coins with their latest observation, a page at a time: all, those of a symbol, or none older than an age',
    tags,
    querystring: CoinsQuery,
    response: { 200: CoinsPage, ...NOT_MODIFIED, ...failures(400) },
  }
  app.get<{ Querystring: CoinsQuery }>('/api/coins', { schema }, (request, reply) => {
    const { page, limit, sort, symbol, max_age: maxAge } = request.query
    return (maxAge === undefined ? answer : answerOfNow)(serving, request, reply, (meta, nowMs) => {
      const sinceMs = maxAge && nowMs - maxAge * 1_000
      const { rows, total } = coins.page(sort, { offset: (page - 1) * limit, limit }, { symbol, sinceMs })
      return listBody(coins.bytes, rows, nowMs, pageTail(request.query, total, meta))
    })
  })
}

function serveCoin(app: FastifyInstance, serving: Serving): void {
  const { market, asked } = serving
  const schema = {
    summary: 'A coin, its latest observation and its primary signal',
    tags,
    params: CoinParams,
    querystring: NoQuery,
    response: { 200: CoinDetail, ...NOT_MODIFIED, ...failures(400, 404) },
  }
  app.get<{ Params: CoinParams }>('/api/coins/:coinId', { schema }, (request, reply) => {
    const { coinId } = request.params
    const slot = observedSlot(market, coinId)
    asked(coinId)
    return answer(serving, request, reply, (meta, nowMs) => objectBody(coinJson(market, slot, nowMs), meta))
  })
}

function serveCoinOfSymbol(app: FastifyInstance, serving: Serving): void {
  const { market, asked } = serving
  const schema = {
    summary: 'The same of the one coin that has a symbol; 409 with the candidates when several have it',
    tags,
    params: SymbolParams,
    querystring: NoQuery,
    response: { 200: CoinDetail, ...NOT_MODIFIED, ...failures(400, 404, 409) },
  }
  app.get<{ Params: SymbolParams }>('/api/coins/by-symbol/:symbol', { schema }, (request, reply) => {
    const slot = slotOfSymbol(market, request.params.symbol)
    asked(market.slots.ids[slot] as string)
    return answer(serving, request, reply, (meta, nowMs) => objectBody(coinJson(market, slot, nowMs), meta))
  })
}

function observedSlot({ slots, coins }: Market, coinId: string): number {
  const slot = slots.find(coinId)
  if (slot !== undefined && coins.has(slot)) return slot
  throw unknownCoin(coins, coinId)
}

function slotOfSymbol({ coins }: Market, symbol: string): number {
  const { rows, total } = coins.page('marketCapRank', { offset: 0, limit: 1 }, { symbol })
  const path = 'params/symbol'
  if (total === 0) throw queryError('QUERY_SYMBOL_NOT_FOUND', [{ path, message: 'is no symbol of a known coin' }])
  if (total === 1) return rows[0] as number
  const details = [{ path, message: `is the symbol of ${total} coins` }]
  throw queryError('QUERY_SYMBOL_AMBIGUOUS', details, candidatesOf(coins, symbol))
}

function coinJson({ coins, signals }: Market, slot: number, nowMs: number): string {
  const row = signals.has(slot) ? signals.view().rows[slot] : undefined
  const signal = row === undefined ? 'null' : `${signals.bytes.text(row, nowMs)}}`
  return `${coins.bytes.text(slot, nowMs)},"signal":${signal}}`
}
