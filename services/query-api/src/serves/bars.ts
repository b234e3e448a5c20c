import { type Bar, BarsList, BarsQuery, type Coin, CoinParams } from '@crypto-signals/contracts'
import { failures, httpError } from '@crypto-signals/service'
import type { BarStore } from '@crypto-signals/store'
import type { FastifyInstance } from 'fastify'
import { type KnownBars, newestBars, newestSinceMs, type Price } from '../newest-bars.ts'
import { NOT_MODIFIED, type Serving } from './answer.ts'
import { unknownCoin } from './candidates.ts'
import { answerStored } from './stored.ts'

/** The bars of a coin, from the store and up to the newest price. */
export function serveBars(app: FastifyInstance, serving: Serving, bars: Pick<BarStore, 'of'>): void {
  const { market, clock, asked, simulated } = serving
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
      const price = priceOf(market.coins.read(slot))
      const all = await barsOf(bars, { coinId, interval, range, nowMs: clock.now(), price })
      return answerStored(request, reply, { kind: 'bars', coinId, interval, rows: all.slice(-limit), simulated })
    },
  )
}

const priceOf = ({ priceUsd, observedAt }: Pick<Coin, 'priceUsd' | 'observedAt'>): Price | null =>
  priceUsd === null ? null : { usd: priceUsd, observedAtMs: Date.parse(observedAt) }

interface Wanted extends Pick<KnownBars, 'interval' | 'nowMs' | 'price'> {
  coinId: string
  range: { fromMs: number; toMs: number }
}

/** The bars of a span as they are now; the store is read up to the newest where the span reaches those that may lack something. */
async function barsOf(bars: Pick<BarStore, 'of'>, { coinId, range, ...wanted }: Wanted): Promise<Bar[]> {
  const { interval, nowMs } = wanted
  const sinceMs = newestSinceMs(interval, nowMs)
  if (range.toMs <= sinceMs) return bars.of(coinId, interval, range)
  const [stored, fives] = await Promise.all([
    bars.of(coinId, interval, { ...range, toMs: LATEST_MS }),
    interval === '5m' ? [] : bars.of(coinId, '5m', { fromMs: sinceMs, toMs: LATEST_MS }),
  ])
  return newestBars({ ...wanted, stored, fives }).filter(({ openedAt }) => {
    const openedAtMs = Date.parse(openedAt)
    return openedAtMs >= range.fromMs && openedAtMs < range.toMs
  })
}

const LATEST_MS = Number.MAX_SAFE_INTEGER

function rangeOf({ from, to }: BarsQuery): { fromMs: number; toMs: number } {
  const fromMs = from === undefined ? 0 : momentOf('from', from)
  const toMs = to === undefined ? LATEST_MS : momentOf('to', to)
  if (from === undefined && toMs <= 0) throw invalid('to', 'must be after 1970-01-01T00:00:00.000Z')
  if (fromMs >= toMs) throw invalid('from', 'must be before to')
  return { fromMs, toMs }
}

function momentOf(name: string, text: string): number {
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw invalid(name, 'must be a moment as 2026-11-25T00:00:00.000Z')
  if (!exists(text)) throw invalid(name, 'must be a moment that exists')
  return ms
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/

/** Whether the calendar has the day and the day the hour: Date takes February 31st for March 3rd, and 24:00 for the next day. */
function exists(text: string): boolean {
  const local = text.slice(0, 'yyyy-mm-ddThh:mm:ss'.length)
  return new Date(`${local}Z`).toISOString().startsWith(local)
}

const invalid = (name: string, message: string) =>
  httpError('HTTP_INVALID_REQUEST', [{ path: `query/${name}`, message }])
