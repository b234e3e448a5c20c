import { alternativeMe } from './alternative-me.ts'
import { coingecko } from './coingecko.ts'
import { coinlore } from './coinlore.ts'
import { coinmarketcap } from './coinmarketcap.ts'
import { coinpaprika } from './coinpaprika.ts'
import { defillama } from './defillama.ts'
import { dexscreener } from './dexscreener.ts'
import { EXCHANGES } from './exchanges.ts'
import { geckoterminal } from './geckoterminal.ts'
import type { SimulatedSource } from './source.ts'

/** Every source of the world. */
export const SOURCES: readonly SimulatedSource[] = [
  coingecko,
  coinpaprika,
  coinlore,
  defillama,
  coinmarketcap,
  dexscreener,
  geckoterminal,
  ...EXCHANGES,
  alternativeMe,
]
