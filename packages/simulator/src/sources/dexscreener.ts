import { chance, hash } from '../market/hash.ts'
import { checksummed, PLATFORMS } from '../world/contracts.ts'
import { text } from '../world/numbers.ts'
import type { View } from '../world/view.ts'
import { refusal, type SimulatedSource } from './source.ts'

const MOST_ADDRESSES = 30

/** DexScreener: the pools of up to 30 tokens of a chain, also those in which another token is the base. */
export const dexscreener: SimulatedSource = {
  name: 'dexscreener',
  refreshMs: 15_000,
  spread: 0.006,
  open: (view) => ({
    '/tokens/v1/:chain/:addresses': ({ param }) => {
      const platform = PLATFORMS.find(({ dexscreener: called }) => called === param('chain'))
      const addresses = param('addresses').split(',')
      if (addresses.length > MOST_ADDRESSES) return refusal(400, { message: 'too many addresses' })
      if (platform === undefined) return []
      return addresses.flatMap((address) => {
        const index = view.world.byContract(platform.name, address)
        return index === undefined ? [] : poolsOf(view, index, { chain: param('chain'), address })
      })
    },
  }),
}

/** The share of tokens with a contract that some pool trades. */
const TRADED = 0.85

const poolsOf = (view: View, index: number, { chain, address }: { chain: string; address: string }) => {
  const coin = view.world.coinAt(index)
  const seenAt = view.seenAt()
  const price = view.priceOf(index, seenAt)
  if (price === null || coin.state !== 'live' || chance(coin.seed, 81) > TRADED) return []
  const token = { address: checksummed(address), name: coin.name, symbol: coin.symbol.toUpperCase() }
  const volume = (view.volumeOf(index, seenAt) ?? 0) * 0.3
  const pool = (own: Record<string, unknown>, liquidityUsd: number) => ({
    chainId: chain,
    dexId: 'uniswap',
    url: `https://dexscreener.com/${chain}/${coin.seed}`,
    pairAddress: `0x${hash(coin.seed, 82).toString(16).padStart(40, '0')}`,
    txns: {
      m5: { buys: 1, sells: 1 },
      h1: { buys: 9, sells: 9 },
      h6: { buys: 50, sells: 50 },
      h24: { buys: 99, sells: 99 },
    },
    volume: { h24: volume, h6: volume / 4, h1: volume / 24, m5: volume / 288 },
    priceChange: {
      h1: view.changeOf(index, 3_600_000, seenAt) ?? 0,
      h24: view.changeOf(index, 86_400_000, seenAt) ?? 0,
    },
    liquidity: { usd: liquidityUsd, base: liquidityUsd / price / 2, quote: liquidityUsd / 2 },
    fdv: Math.round(price * coin.supply),
    marketCap: Math.round(price * coin.supply),
    pairCreatedAt: 1_600_000_000_000,
    ...own,
  })
  const dollar = { address: checksummed(`0x${'5'.repeat(40)}`), name: 'Tether', symbol: 'USDT' }
  const depth = volume * 2 + 500
  return [
    pool({ baseToken: token, quoteToken: dollar, priceNative: text(price), priceUsd: text(price) }, depth),
    // A thin pool that is far off, and one in which the token is what another is paid in.
    pool(
      { baseToken: token, quoteToken: dollar, priceNative: text(price * 1.4), priceUsd: text(price * 1.4) },
      depth / 90,
    ),
    pool({ baseToken: dollar, quoteToken: token, priceNative: text(1 / price), priceUsd: '1.0' }, depth / 2),
  ]
}
