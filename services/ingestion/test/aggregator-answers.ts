// The shapes and most figures are those of the sources' own documents.

/** When all of them were received, ms since the epoch. */
export const NOW = Date.parse('2026-07-16T00:00:00.000Z')
const SECONDS = NOW / 1000

/** CoinPaprika: /tickers. */
export const PAPRIKA = [
  {
    id: 'btc-bitcoin',
    name: 'Bitcoin',
    symbol: 'BTC',
    rank: 1,
    total_supply: 17007062,
    max_supply: 21000000,
    beta_value: 0.735327,
    first_data_at: '2010-11-14T07:20:41Z',
    last_updated: '2026-07-15T23:58:00Z',
    quotes: {
      USD: {
        price: 5162.15941296,
        volume_24h: 7304207651.1585,
        market_cap: 91094433242,
        percent_change_15m: 0,
        percent_change_1h: -0.1,
        percent_change_24h: 0.5,
        percent_change_7d: 1.5,
        percent_change_30d: -13.48,
        percent_change_1y: 12.5,
      },
    },
  },
  {
    id: 'new-newcoin',
    name: 'New',
    symbol: 'NEW',
    rank: 0,
    circulating_supply: '',
    first_data_at: '2026-07-10T00:00:00Z',
    last_updated: '2026-07-15T23:59:00Z',
    quotes: { USD: { price: 6.044e-9, volume_24h: 0, market_cap: 0, percent_change_24h: 3, percent_change_7d: 0 } },
  },
]

/** CoinMarketCap: /cryptocurrency/listings/latest. */
export const CMC = {
  status: {
    timestamp: '2026-07-16T00:00:00.000Z',
    error_code: 0,
    error_message: null,
    credit_count: 1,
    total_count: 3,
  },
  data: [
    {
      id: 1,
      name: 'Bitcoin',
      symbol: 'BTC',
      slug: 'bitcoin',
      cmc_rank: 1,
      circulating_supply: 17199862,
      platform: null,
      last_updated: '2026-07-15T23:58:00.000Z',
      quote: {
        USD: {
          price: 9283.92,
          volume_24h: 7155680000,
          percent_change_1h: -0.152774,
          percent_change_24h: 0.518894,
          percent_change_7d: 0.986573,
          percent_change_30d: 4,
          market_cap: 158055024432,
          last_updated: '2026-07-15T23:58:30.000Z',
        },
      },
    },
    {
      id: 825,
      name: 'Tether',
      symbol: 'USDT',
      slug: 'tether',
      cmc_rank: 3,
      circulating_supply: 1e11,
      platform: {
        id: 1027,
        name: 'Ethereum',
        symbol: 'ETH',
        slug: 'ethereum',
        token_address: '0xDAC17F958D2ee523a2206206994597C13D831ec7',
      },
      quote: { USD: { price: 1.0001, last_updated: '2026-07-15T23:58:30.000Z' } },
    },
    {
      id: 9,
      name: 'Elsewhere',
      symbol: 'ELSE',
      platform: { slug: 'some-new-chain', token_address: 'abc' },
      quote: { USD: { price: 2 } },
    },
  ],
}

/** CoinLore: /tickers/. */
export const LORE = {
  data: [
    {
      id: '90',
      symbol: 'BTC',
      name: 'Bitcoin',
      nameid: 'bitcoin',
      rank: 1,
      price_usd: '6456.52',
      percent_change_24h: '-1.47',
      percent_change_1h: '0.05',
      percent_change_7d: '-1.07',
      price_btc: '1.00',
      market_cap_usd: '111586042785.56',
      volume24: 3997655362.9586277,
      volume24a: 3657294860.710187,
      csupply: '17282687.00',
      tsupply: '17282687',
      msupply: '21000000',
    },
    { id: '2', symbol: 'DOGE', name: 'Dogecoin', rank: 4, price_usd: '0.000000', csupply: '?', percent_change_1h: '' },
  ],
  info: { coins_num: 1969, time: SECONDS - 30 },
}

/** DefiLlama: /prices/current. */
export const LLAMA = {
  coins: {
    'coingecko:bitcoin': { price: 64_000.5, symbol: 'BTC', timestamp: SECONDS - 60, confidence: 0.99 },
    'coingecko:thin': { price: 3, symbol: 'THIN', timestamp: SECONDS - 60, confidence: 0.4 },
    'coingecko:plain': { price: 0.5, symbol: 'PLAIN', timestamp: SECONDS - 90 },
  },
}

/** DefiLlama: /chart, prices near the hours. */
export const CHART = {
  coins: {
    'coingecko:bitcoin': {
      symbol: 'BTC',
      confidence: 0.99,
      prices: [
        { timestamp: SECONDS - 3600 + 20, price: 2 },
        { timestamp: SECONDS - 7200 - 20, price: 1 },
        { timestamp: SECONDS - 1800, price: 7 },
        { timestamp: SECONDS, price: 3 },
        { timestamp: SECONDS + 3600, price: 4 },
      ],
    },
  },
}

/** Alternative.me: /fng/. */
export const FNG = {
  name: 'Fear and Greed Index',
  data: [
    { value: '40', value_classification: 'Fear', timestamp: String(SECONDS - 86_400), time_until_update: '68499' },
    { value: '47', value_classification: 'Neutral', timestamp: String(SECONDS - 172_800) },
  ],
  metadata: { error: null },
}
