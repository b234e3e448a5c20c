import type { Market } from '../market/market.ts'
import { rowOf } from '../market/row.ts'
import { type Snapshot, snapshotOf } from '../market/snapshot.ts'
import type { View } from '../world/view.ts'
import { exchangePairs } from './coingecko-exchanges.ts'
import { type MarketsQuery, marketsQueryOf } from './coingecko-parameters.ts'
import { type Answerer, refusal, type SimulatedSource } from './source.ts'

/** CoinGecko: every coin, with everything. Its prices are the world's own. */
export const coingecko: SimulatedSource = {
  name: 'coingecko',
  refreshMs: 30_000,
  spread: 0,
  open: (view) => {
    const { market } = view.world
    return {
      '/ping': () => ({ gecko_says: '(V3) To the Moon! (simulated)' }),
      '/coins/list': ({ query }) => {
        const withPlatforms = query('include_platform') === 'true'
        return market.coins.map(({ id, symbol, name }, index) => ({
          id,
          symbol,
          name,
          ...(withPlatforms && { platforms: view.world.contractsOf(index) }),
        }))
      },
      '/coins/markets': markets(view),
      '/exchanges/:exchange/tickers': exchangePairs(view),
    }
  },
}

const markets = (view: View): Answerer => {
  const { market } = view.world
  const latest = latestSnapshotOf(view)
  return ({ query: given }) => {
    const query = marketsQueryOf(given)
    if ('fault' in query) return refusal(422, { error: query.fault })
    const snapshot = latest()
    return positionsOf(market, snapshot, query).map((index) => {
      const row = rowOf(market, snapshot, index, query)
      const factor = view.wrongnessOf(row.id, snapshot.now)
      return factor === 1 || row.current_price === null ? row : { ...row, current_price: row.current_price * factor }
    })
  }
}

// The whole market is looked at once a tick, so that the pages of one tick fit together and cost only their rows.
const latestSnapshotOf = (view: View) => {
  let snapshot: Snapshot | undefined
  return (): Snapshot => {
    const now = view.seenAt()
    if (snapshot?.now !== now) snapshot = snapshotOf(view.world.market, now)
    return snapshot
  }
}

const positionsOf = (market: Market, snapshot: Snapshot, { ids, order, page, perPage }: MarketsQuery): number[] => {
  const asked = ids === null ? null : new Set(ids.map((id) => market.indexOf(id)))
  const ordered = snapshot.inOrder(order)
  const listed = asked === null ? ordered : ordered.filter((index) => asked.has(index))
  return [...listed.subarray((page - 1) * perPage, page * perPage)]
}
