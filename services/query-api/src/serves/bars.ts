import { createHash } from 'node:crypto'
import { BarsList, BarsQuery, CoinParams, etagOf, isKnown } from '@crypto-signals/contracts'
import { failures, httpError } from '@crypto-signals/service'
import type { BarStore } from '@crypto-signals/store'
import type { FastifyInstance } from 'fastify'
import { NOT_MODIFIED, type Serving } from './answer.ts'
import { unknownCoin } from './candidates.ts'

/** The bars of a coin, read from the store: they are not part of the market in memory, so their ETag is not its version. */
export function serveBars(app: FastifyInstance, serving: Serving, bars: Pick<BarStore, 'of'>): void {
  const { market, asked, simulated } = serving
  const schema = {
    summary: 'Open, high, low and close of a coin over 5 minutes, an hour or a day each',
    tags: ['coins'],
    params: CoinParams,
    querystring: BarsQuery,
    response: { 200: BarsList, ...NOT_MODIFIED, ...failures(400, 404) },
  }
  app.get<{ Params: CoinParams; Querystring: BarsQuery }>(
    '/api/coins/:coinId/bars',
    { schema },
    async (request, reply) => {
      const { coinId } = request.params
      const { interval, limit } = request.query
      const range = rangeOf(request.query)
      const slot = market.slots.find(coinId)
      if (slot === undefined || !market.coins.has(slot)) throw unknownCoin(market.coins, coinId)
      asked(coinId)
      const data = JSON.stringify((await bars.of(coinId, interval, range)).slice(-limit))
      const version = versionOf(data)
      reply.header('etag', etagOf(version)).header('cache-control', CACHE_CONTROL)
      if (isKnown(version, request.headers['if-none-match'])) return reply.code(304).send()
      const meta = `"meta":{"source":"${simulated ? 'simulated' : 'live'}"}`
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .send(`{"success":true,"data":${data},"coinId":${JSON.stringify(coinId)},"interval":"${interval}",${meta}}`)
    },
  )
}

// Bars are written once a minute.
const CACHE_CONTROL = 'public, max-age=15'

/** Of the form of no data version: the gateway keeps answers of the newest of those, and these are none of it. */
const versionOf = (data: string) => `bars.${createHash('sha1').update(data).digest('base64url')}`

function rangeOf({ from, to }: BarsQuery): { fromMs: number; toMs: number } {
  const fromMs = from === undefined ? 0 : momentOf('from', from)
  const toMs = to === undefined ? Number.MAX_SAFE_INTEGER : momentOf('to', to)
  if (fromMs >= toMs) throw invalid('from', 'must be before to')
  return { fromMs, toMs }
}

function momentOf(name: string, text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw invalid(name, 'must be a moment that exists')
  return ms
}

const invalid = (name: string, message: string) =>
  httpError('HTTP_INVALID_REQUEST', [{ path: `query/${name}`, message }])
