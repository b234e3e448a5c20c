import type { Quote } from '@crypto-signals/contracts'
import { createMarket, type Market } from '../src/read-model/market.ts'

/** A market that holds the quotes, and how many exports of it were begun: it is asked for its coins in order once for each. */
export function countedMarket(quotes: readonly Quote[]) {
  const [market, made] = [createMarket(), { begun: 0 }]
  market.load({ quotes })
  market.refresh()
  const page: Market['coins']['page'] = (...asked) => {
    made.begun++
    return market.coins.page(...asked)
  }
  const coins = Object.create(market.coins, { page: { value: page } })
  return { market: Object.create(market, { coins: { value: coins } }) as Market, made }
}
