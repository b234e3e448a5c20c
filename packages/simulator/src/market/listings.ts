/** A few large coins that a newcomer knows by id; their prices and sizes are round numbers, not quotations. */
export const KNOWN_COINS: readonly KnownCoin[] = [
  { id: 'bitcoin', symbol: 'btc', name: 'Bitcoin', priceUsd: 80_000, supply: 19_900_000 },
  { id: 'ethereum', symbol: 'eth', name: 'Ethereum', priceUsd: 2_500, supply: 120_000_000 },
  { id: 'tether', symbol: 'usdt', name: 'Tether', priceUsd: 1, supply: 1.5e11, pegged: true },
  { id: 'ripple', symbol: 'xrp', name: 'XRP', priceUsd: 2, supply: 5.8e10 },
  { id: 'binancecoin', symbol: 'bnb', name: 'BNB', priceUsd: 600, supply: 140_000_000 },
  { id: 'solana', symbol: 'sol', name: 'Solana', priceUsd: 150, supply: 5.2e8 },
  { id: 'usd-coin', symbol: 'usdc', name: 'USDC', priceUsd: 1, supply: 6e10, pegged: true },
  { id: 'dogecoin', symbol: 'doge', name: 'Dogecoin', priceUsd: 0.2, supply: 1.5e11 },
  { id: 'cardano', symbol: 'ada', name: 'Cardano', priceUsd: 0.7, supply: 3.5e10 },
]

interface KnownCoin {
  id: string
  symbol: string
  name: string
  priceUsd: number
  supply: number
  pegged?: boolean
}

/** Listings as odd as real ones are, or as a prankster would make them: whoever shows a name must survive these. */
export const ODD_COINS: readonly { id?: string; symbol: string; name: string }[] = [
  { symbol: 'bold', name: '<b>Bold</b> Inu' },
  { symbol: 'alert', name: '<script>alert(1)</script>' },
  { symbol: 'quote', name: '"Quoted" Coin' },
  { symbol: 'ohara', name: "O'Hara's Token" },
  { id: 'night owl', symbol: 'owl', name: 'Night Owl' },
  { id: 'square[1]', symbol: '[1]', name: 'Square [1]' },
  { symbol: 'ねこ', name: 'ねこ硬貨' },
  { symbol: '🚀', name: '🚀🌕 to go' },
  { symbol: 'عملة', name: 'عملة' },
  { symbol: 'nul', name: 'null' },
  { symbol: 'undefined', name: 'undefined' },
  { symbol: '$$$', name: '100% $$$ {{7*7}}' },
  { symbol: 'csv', name: '=1+1;"a",b' },
  { symbol: '.*', name: '.*(a+)+$' },
  { symbol: 'back\\slash', name: 'Back\\slash & Söhne' },
  { symbol: 'nbsp', name: 'A\u00a0hard\u3000space' },
  { symbol: 'drop', name: "'; DROP TABLE coins;--" },
  { symbol: 'path', name: '../../up' },
  { symbol: 'thelongestsymbolthatanybodyeverthoughtof', name: `Very ${'long '.repeat(14)}name` },
  { symbol: '000', name: '000' },
  { symbol: 'constructor', name: 'constructor' },
  { id: '__proto__', symbol: '__proto__', name: '__proto__' },
]

/** Made-up blockchains over which tokens are bridged. */
export const CHAINS = [
  'Auralis',
  'Bedrok',
  'Cinder',
  'Dunemark',
  'Everlane',
  'Fathom',
  'Glint',
  'Harrow',
  'Isthmus',
  'Juniper',
  'Keel',
  'Lumen',
  'Meridian',
  'Nadir',
  'Oriel',
]
