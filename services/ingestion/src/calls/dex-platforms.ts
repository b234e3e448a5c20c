/** How DexScreener and GeckoTerminal name what CoinGecko calls a platform, busiest first. */
const PLATFORMS: readonly [coingecko: string, dexscreener: string, geckoterminal: string][] = [
  ['ethereum', 'ethereum', 'eth'],
  ['solana', 'solana', 'solana'],
  ['binance-smart-chain', 'bsc', 'bsc'],
  ['base', 'base', 'base'],
  ['arbitrum-one', 'arbitrum', 'arbitrum'],
  ['polygon-pos', 'polygon', 'polygon_pos'],
  ['avalanche', 'avalanche', 'avax'],
  ['optimistic-ethereum', 'optimism', 'optimism'],
  ['sui', 'sui', 'sui-network'],
  ['the-open-network', 'ton', 'ton'],
  ['tron', 'tron', 'tron'],
  ['fantom', 'fantom', 'ftm'],
  ['sonic', 'sonic', 'sonic'],
  ['cronos', 'cronos', 'cro'],
  ['pulsechain', 'pulsechain', 'pulsechain'],
  ['xdai', 'gnosischain', 'xdai'],
  ['celo', 'celo', 'celo'],
  ['mantle', 'mantle', 'mantle'],
  ['linea', 'linea', 'linea'],
  ['blast', 'blast', 'blast'],
  ['scroll', 'scroll', 'scroll'],
  ['zksync', 'zksync', 'zksync'],
  ['aptos', 'aptos', 'aptos'],
  ['berachain', 'berachain', 'berachain'],
  ['hyperevm', 'hyperevm', 'hyperevm'],
  ['unichain', 'unichain', 'unichain'],
  ['abstract', 'abstract', 'abstract'],
  ['near-protocol', 'near', 'near'],
  ['hedera-hashgraph', 'hedera', 'hedera-hashgraph'],
  ['moonbeam', 'moonbeam', 'glmr'],
  ['metis-andromeda', 'metis', 'metis'],
  ['mode', 'mode', 'mode'],
]

/** From CoinGecko's name to the source's own. */
export type PlatformNames = ReadonlyMap<string, string>

export const DEXSCREENER_PLATFORMS: PlatformNames = new Map(PLATFORMS.map(([name, theirs]) => [name, theirs]))
export const GECKOTERMINAL_PLATFORMS: PlatformNames = new Map(PLATFORMS.map(([name, , theirs]) => [name, theirs]))
