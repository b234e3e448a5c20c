import type { Clock } from '@crypto-signals/clock'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Market } from './market/market.ts'
import { rowOf } from './market/row.ts'
import { type Snapshot, snapshotOf } from './market/snapshot.ts'
import { type MarketsQuery, marketsQueryOf, type RawQuery } from './parameters.ts'

/** CoinGecko's routes over a market, as it is by the clock. */
export const routesOf = (market: Market, clock: Clock): FastifyPluginAsync => {
  const latest = latestSnapshotOf(market, clock)
  return async (app) => {
    app.get('/ping', () => ({ gecko_says: '(V3) To the Moon! (simulated)' }))

    app.get('/coins/list', () => market.coins.map(({ id, symbol, name }) => ({ id, symbol, name })))

    app.get<{ Querystring: RawQuery }>('/coins/markets', (request, reply) => {
      const query = marketsQueryOf(request.query)
      if ('fault' in query) return refuse(reply, query.fault)
      const snapshot = latest()
      return positionsOf(market, snapshot, query).map((index) => rowOf(market, snapshot, index, query))
    })
  }
}

/** How often prices are quoted anew. */
const TICK_MS = 30_000

// The whole market is looked at once a tick, so that the pages of one tick fit together and cost only their rows.
const latestSnapshotOf = (market: Market, clock: Clock) => {
  let snapshot: Snapshot | undefined
  return (): Snapshot => {
    const now = Math.floor(clock.now() / TICK_MS) * TICK_MS
    if (snapshot?.now !== now) snapshot = snapshotOf(market, now)
    return snapshot
  }
}

const positionsOf = (market: Market, snapshot: Snapshot, { ids, order, page, perPage }: MarketsQuery): number[] => {
  const asked = ids === null ? null : new Set(ids.map((id) => market.indexOf(id)))
  const ordered = snapshot.inOrder(order)
  const listed = asked === null ? ordered : ordered.filter((index) => asked.has(index))
  return [...listed.subarray((page - 1) * perPage, page * perPage)]
}

const refuse = (reply: FastifyReply, fault: string) => reply.code(422).send({ error: fault })
