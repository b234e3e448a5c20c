import { DAY_MS, HOUR_MS } from '../market/coin.ts'
import { catalogueOf, type Entry } from '../world/catalogue.ts'
import { text, unixSeconds } from '../world/numbers.ts'
import type { View } from '../world/view.ts'
import { lazily, type World } from '../world/world.ts'
import type { SimulatedSource } from './source.ts'

/** CoinLore: about 14,000 coins in pages of 100, its numbers as strings. */
export const coinlore: SimulatedSource = {
  name: 'coinlore',
  refreshMs: 60_000,
  spread: 0.006,
  keysOf: (world) => entriesOf(world).map((entry) => [keyOf(entry), entry.index] as const),
  open: (view) => {
    const entries = lazily(() => entriesOf(view.world))
    return {
      '/global/': () => [{ coins_count: entries().length, active_markets: 30_000 }],
      '/tickers/': ({ query }) => {
        const start = Math.max(0, Number(query('start')) || 0)
        const limit = Math.min(100, Math.max(1, Number(query('limit')) || 100))
        const seenAt = view.seenAt()
        return {
          data: entries()
            .slice(start, start + limit)
            .map((entry) => tickerRow(view, entry, seenAt)),
          info: { coins_num: entries().length, time: unixSeconds(seenAt) },
        }
      },
    }
  },
}

const entriesOf = (world: World) => catalogueOf(world, { name: 'coinlore', share: 0.85, atMost: 14_200, renamed: 0.15 })

const keyOf = ({ seed }: Entry) => String(seed)

const tickerRow = (view: View, entry: Entry, seenAt: number) => {
  const { index, symbol, name, slug, rank } = entry
  const coin = view.world.coinAt(index)
  const price = view.priceOf(index, seenAt) ?? 0
  const bitcoin = view.world.fiat.usdOf('BTC', seenAt) ?? 1
  const change = (spanMs: number) => (view.changeOf(index, spanMs, seenAt) ?? 0).toFixed(2)
  return {
    id: keyOf(entry),
    symbol,
    name,
    nameid: slug,
    rank,
    price_usd: text(price, 7),
    percent_change_24h: change(DAY_MS),
    percent_change_1h: change(HOUR_MS),
    percent_change_7d: change(7 * DAY_MS),
    price_btc: text(price / bitcoin, 6),
    market_cap_usd: (price * coin.supply).toFixed(2),
    volume24: view.volumeOf(index, seenAt) ?? 0,
    volume24a: view.volumeOf(index, seenAt) ?? 0,
    csupply: coin.supply === 0 ? '' : coin.supply.toFixed(2),
    tsupply: coin.supply === 0 ? null : String(Math.round(coin.supply)),
    msupply: coin.seed % 3 === 0 ? '' : String(Math.round(coin.supply)),
  }
}
