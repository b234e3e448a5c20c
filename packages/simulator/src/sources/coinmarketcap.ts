import { DAY_MS, HOUR_MS, lastUpdatedMs } from '../market/coin.ts'
import { catalogueOf, type Entry } from '../world/catalogue.ts'
import type { View } from '../world/view.ts'
import { lazily, type World } from '../world/world.ts'
import { refusal, type SimulatedSource } from './source.ts'

/** CoinMarketCap's listings, for those who show a key. */
export const coinmarketcap: SimulatedSource = {
  name: 'coinmarketcap',
  refreshMs: 60_000,
  spread: 0.003,
  keysOf: (world) => entriesOf(world).map((entry) => [keyOf(entry), entry.index] as const),
  open: (view) => {
    const entries = lazily(() => entriesOf(view.world))
    const status = (code: number, message: string | null, credits: number) => ({
      timestamp: new Date(view.seenAt()).toISOString(),
      error_code: code,
      error_message: message,
      elapsed: 10,
      credit_count: credits,
      notice: null,
      total_count: entries().length,
    })
    const allowed = (key: string | undefined) =>
      key === undefined ? refusal(401, { status: status(1002, 'API key missing.', 0) }) : null
    return {
      '/key/info': ({ header }) =>
        allowed(header('x-cmc_pro_api_key')) ?? {
          data: { plan: { credit_limit_monthly: 15_000 } },
          status: status(0, null, 0),
        },
      '/cryptocurrency/listings/latest': ({ query, header }) => {
        const start = Math.max(1, Number(query('start')) || 1)
        const limit = Math.min(5_000, Math.max(1, Number(query('limit')) || 100))
        const seenAt = view.seenAt()
        return (
          allowed(header('x-cmc_pro_api_key')) ?? {
            status: status(0, null, Math.ceil(limit / 200)),
            data: entries()
              .slice(start - 1, start - 1 + limit)
              .map((entry) => listingRow(view, entry, seenAt)),
          }
        )
      },
    }
  },
}

const entriesOf = (world: World) =>
  catalogueOf(world, { name: 'coinmarketcap', share: 0.55, atMost: 10_000, renamed: 0.1 })

const keyOf = ({ seed }: Entry) => String(seed % 2 ** 31)

const listingRow = (view: View, entry: Entry, seenAt: number) => {
  const { index, symbol, name, slug, rank, seed } = entry
  const coin = view.world.coinAt(index)
  const price = view.priceOf(index, seenAt)
  const at = new Date(coin.state === 'dead' ? lastUpdatedMs(coin, seenAt) : seenAt).toISOString()
  const change = (days: number) => view.changeOf(index, days * DAY_MS, seenAt)
  const [platform] = Object.entries(view.world.contractsOf(index))
  return {
    id: Number(keyOf(entry)),
    name,
    symbol,
    slug,
    num_market_pairs: seed % 500,
    date_added: '2018-01-01T00:00:00.000Z',
    tags: [],
    max_supply: null,
    circulating_supply: coin.supply,
    total_supply: coin.supply,
    infinite_supply: false,
    platform: platform
      ? { id: 1, name: platform[0], slug: platform[0], symbol: 'X', token_address: platform[1] }
      : null,
    cmc_rank: rank,
    self_reported_circulating_supply: null,
    self_reported_market_cap: null,
    last_updated: at,
    quote: {
      USD: {
        price,
        volume_24h: view.volumeOf(index, seenAt),
        volume_change_24h: 0,
        percent_change_1h: view.changeOf(index, HOUR_MS, seenAt),
        percent_change_24h: change(1),
        percent_change_7d: change(7),
        percent_change_30d: change(30),
        percent_change_60d: change(60),
        percent_change_90d: change(90),
        market_cap: (price ?? 0) * coin.supply,
        market_cap_dominance: 0,
        fully_diluted_market_cap: (price ?? 0) * coin.supply,
        last_updated: at,
      },
    },
  }
}
