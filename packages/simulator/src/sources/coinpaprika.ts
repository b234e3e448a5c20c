import { DAY_MS, HOUR_MS, lastUpdatedMs } from '../market/coin.ts'
import { catalogueOf, type Entry } from '../world/catalogue.ts'
import { secondsInstant } from '../world/numbers.ts'
import type { View } from '../world/view.ts'
import { lazily, type World } from '../world/world.ts'
import type { SimulatedSource } from './source.ts'

/** CoinPaprika on its free plan: the top 2,000, new every five minutes. */
export const coinpaprika: SimulatedSource = {
  name: 'coinpaprika',
  refreshMs: 300_000,
  spread: 0.004,
  keysOf: (world) => entriesOf(world).map((entry) => [keyOf(entry), entry.index] as const),
  open: (view) => {
    const entries = lazily(() => entriesOf(view.world))
    return {
      '/global': () => ({ cryptocurrencies_number: entries().length, last_updated: Math.floor(view.seenAt() / 1_000) }),
      '/tickers': () => {
        const seenAt = view.seenAt()
        return entries().map((entry) => tickerRow(view, entry, seenAt))
      },
    }
  },
}

const entriesOf = (world: World) =>
  catalogueOf(world, { name: 'coinpaprika', share: 0.92, atMost: 2_000, renamed: 0.2 })

const keyOf = ({ symbol, slug }: Entry) => `${symbol.toLowerCase().replace(/[^a-z0-9]+/g, '') || 'x'}-${slug}`

const tickerRow = (view: View, entry: Entry, seenAt: number) => {
  const { index, symbol, name, rank } = entry
  const coin = view.world.coinAt(index)
  const price = view.priceOf(index, seenAt) ?? 0
  const change = (spanMs: number) => Math.round((view.changeOf(index, spanMs, seenAt) ?? 0) * 100) / 100
  return {
    id: keyOf(entry),
    name,
    symbol,
    rank,
    total_supply: Math.round(coin.supply),
    max_supply: Math.round(coin.supply),
    beta_value: coin.motion.marketBeta,
    first_data_at: '2018-01-01T00:00:00Z',
    last_updated: secondsInstant(coin.state === 'dead' ? lastUpdatedMs(coin, seenAt) : seenAt - (coin.seed % 60_000)),
    quotes: {
      USD: {
        price,
        volume_24h: view.volumeOf(index, seenAt) ?? 0,
        volume_24h_change_24h: 0,
        market_cap: Math.round(price * coin.supply),
        market_cap_change_24h: change(DAY_MS),
        percent_change_15m: change(HOUR_MS / 4),
        percent_change_30m: change(HOUR_MS / 2),
        percent_change_1h: change(HOUR_MS),
        percent_change_6h: change(6 * HOUR_MS),
        percent_change_12h: change(12 * HOUR_MS),
        percent_change_24h: change(DAY_MS),
        percent_change_7d: change(7 * DAY_MS),
        percent_change_30d: change(30 * DAY_MS),
        percent_change_1y: change(365 * DAY_MS),
        ath_price: price * 3,
        ath_date: '2021-11-10T00:00:00Z',
        percent_from_price_ath: -66.67,
      },
    },
  }
}
