import {
  CoinParams,
  type ScorePoint,
  ScoresList,
  ScoresQuery,
  type Signal,
  scorePointOf,
  TIMEFRAMES,
} from '@crypto-signals/contracts'
import { failures } from '@crypto-signals/service'
import type { ScoreStore } from '@crypto-signals/store'
import type { FastifyInstance } from 'fastify'
import type { Market } from '../read-model/market.ts'
import { NOT_MODIFIED, type Serving } from './answer.ts'
import { scoredSlot } from './signals.ts'
import { answerStored } from './stored.ts'

/** What a coin's horizons said: at the end of each hour or day, from the store, and now. */
export function serveHistory(app: FastifyInstance, serving: Serving, scores: Pick<ScoreStore, 'of'>): void {
  const { market, asked, simulated } = serving
  const schema = {
    summary: "A coin's scores on its four horizons as they were at the end of each hour or day, and as they are now",
    tags: ['signals'],
    params: CoinParams,
    querystring: ScoresQuery,
    response: { 200: ScoresList, ...NOT_MODIFIED, ...failures(400, 404) },
  }
  app.get<{ Params: CoinParams; Querystring: ScoresQuery }>(
    '/api/signals/coin/:coinId/history',
    { schema },
    async (request, reply) => {
      const { coinId } = request.params
      const { interval, limit } = request.query
      const slot = scoredSlot(market, coinId)
      asked(coinId)
      const stored = await scores.of(coinId, interval)
      const all = upTo(stored, scorePointOf({ signals: signalsOf(market, slot) }, interval))
      return answerStored(request, reply, { kind: 'scores', coinId, interval, rows: all.slice(-limit), simulated })
    },
  )
}

/** The stored points of before the present one, and that one. Later ones are of signals that are still on their way to us. */
const upTo = (stored: readonly ScorePoint[], present: ScorePoint): ScorePoint[] => [
  ...stored.filter(({ at }) => at < present.at),
  present,
]

const signalsOf = ({ signals }: Market, slot: number): Signal[] =>
  TIMEFRAMES.map((_, horizon) => JSON.parse(`${signals.bytes.text(signals.rowOf(slot, horizon), 0)}}`) as Signal)
