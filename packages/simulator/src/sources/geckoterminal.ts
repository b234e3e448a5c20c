import { chance, hash } from '../market/hash.ts'
import { PLATFORMS } from '../world/contracts.ts'
import { text } from '../world/numbers.ts'
import type { View } from '../world/view.ts'
import { refusal, type SimulatedSource } from './source.ts'

const MOST_ADDRESSES = 30

/** GeckoTerminal: up to 30 tokens of a network. */
export const geckoterminal: SimulatedSource = {
  name: 'geckoterminal',
  refreshMs: 60_000,
  spread: 0.005,
  open: (view) => ({
    '/networks': () => ({
      data: PLATFORMS.map(({ geckoterminal: id, name }) => ({ id, type: 'network', attributes: { name } })),
    }),
    '/networks/:network/tokens/multi/:addresses': ({ param }) => {
      const platform = PLATFORMS.find(({ geckoterminal: called }) => called === param('network'))
      const addresses = param('addresses').split(',')
      if (platform === undefined) return refusal(404, { errors: [{ status: '404', title: 'Not Found' }] })
      if (addresses.length > MOST_ADDRESSES)
        return refusal(422, { errors: [{ status: '422', title: 'exceeded maximum number of addresses (30)' }] })
      return {
        data: addresses.flatMap((address) => {
          const index = view.world.byContract(platform.name, address)
          return index === undefined ? [] : tokenOf(view, index, { network: param('network'), address })
        }),
      }
    },
  }),
}

const TRADED = 0.85

const tokenOf = (view: View, index: number, { network, address }: { network: string; address: string }) => {
  const coin = view.world.coinAt(index)
  const seenAt = view.seenAt()
  const price = coin.state === 'live' && chance(coin.seed, 81) <= TRADED ? view.priceOf(index, seenAt) : null
  const volume = (view.volumeOf(index, seenAt) ?? 0) * 0.3
  return {
    id: `${network}_${address}`,
    type: 'token',
    attributes: {
      address,
      name: coin.name,
      symbol: coin.symbol.toUpperCase(),
      image_url: 'missing.png',
      coingecko_coin_id: hash(coin.seed, 83) % 10 === 0 ? null : coin.id,
      decimals: 18,
      total_supply: String(coin.supply),
      price_usd: price === null ? null : text(price, 12),
      fdv_usd: price === null ? null : text(price * coin.supply),
      total_reserve_in_usd: text(volume * 2),
      volume_usd: { h24: text(volume) },
      market_cap_usd: price === null ? null : text(price * coin.supply),
    },
    relationships: { top_pools: { data: [] } },
  }
}
