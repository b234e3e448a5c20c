// The shapes are those of the sources' own documents.

/** A token on Ethereum, as its explorers write it, and as it is asked for. */
export const TOKEN = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
export const OTHER = '0xdAC17F958D2ee523a2206206994597C13D831ec7'
const DOLLAR = { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', name: 'USD Coin', symbol: 'USDC' }
const WETH = { address: TOKEN, name: 'Wrapped Ether', symbol: 'WETH' }
const TETHER = { address: OTHER, name: 'Tether USD', symbol: 'USDT' }

const pool = (own: object) => ({
  chainId: 'ethereum',
  dexId: 'uniswap',
  url: 'https://dexscreener.com/ethereum/0x1',
  pairAddress: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
  labels: ['v3'],
  baseToken: WETH,
  quoteToken: DOLLAR,
  priceNative: '1800.5',
  txns: { h24: { buys: 99, sells: 99 } },
  volume: { h24: 1_000_000.5, h6: 1, h1: 1, m5: 1 },
  priceChange: { h1: 0.5, h24: -2 },
  fdv: 1,
  marketCap: 1,
  pairCreatedAt: 1_620_250_931_000,
  ...own,
})

/** One pool of each token. */
export const POOLS = [
  pool({ priceUsd: '1800.5', liquidity: { usd: 2_000_000, base: 1, quote: 1 } }),
  pool({ baseToken: TETHER, priceUsd: '0.999', liquidity: { usd: 5_000, base: 1, quote: 1 } }),
]

/** Pools that must not be taken: thinner ones, those in which the token is what is paid, and those of tokens that nobody asked for. */
export const OTHER_POOLS = [
  pool({ priceUsd: '2500', liquidity: { usd: 9_000 } }),
  pool({ priceUsd: '9', baseToken: DOLLAR, quoteToken: WETH, liquidity: { usd: 9_000_000 } }),
  pool({ priceUsd: '8', liquidity: null }),
  pool({ priceUsd: '7', baseToken: { ...WETH, address: `0x${'9'.repeat(40)}` }, liquidity: { usd: 9_000_000 } }),
]

/** Pools that hold less than is asked of one. */
export const THIN_POOLS = [pool({ priceUsd: '1800.5', liquidity: { usd: 4_999 } })]

const token = (address: string, price_usd: string | null, total_reserve_in_usd: string | null) => ({
  id: `eth_${address}`,
  type: 'token',
  attributes: {
    address,
    name: 'Wrapped Ether',
    symbol: 'WETH',
    image_url: 'missing.png',
    coingecko_coin_id: 'weth',
    decimals: 18,
    total_supply: '6708138155',
    price_usd,
    fdv_usd: '1',
    total_reserve_in_usd,
    volume_usd: { h24: '1000000.5' },
    market_cap_usd: null,
  },
  relationships: { top_pools: { data: [] } },
})

export const TOKENS = { data: [token(TOKEN, '1800.5', '2000000'), token(OTHER.toLowerCase(), '0.999', '5000')] }
export const THIN_TOKENS = { data: [token(TOKEN, '1800.5', '4999'), token(OTHER, '1', null)] }
