import type { SourceDefinition } from '../source.ts'
import { alternativeMe } from './alternative-me.ts'
import { binance } from './binance.ts'
import { bitget } from './bitget.ts'
import { bybit } from './bybit.ts'
import { coinbase } from './coinbase.ts'
import { coingecko } from './coingecko.ts'
import { coinlore } from './coinlore.ts'
import { coinmarketcap } from './coinmarketcap.ts'
import { coinpaprika } from './coinpaprika.ts'
import { defillama } from './defillama.ts'
import { dexscreener } from './dexscreener.ts'
import { gate } from './gate.ts'
import { geckoterminal } from './geckoterminal.ts'
import { kraken } from './kraken.ts'
import { kucoin } from './kucoin.ts'
import { mexc } from './mexc.ts'
import { okx } from './okx.ts'

/** Every free market source that is known; their names are in `MARKET_SOURCES`. */
export const SOURCES: readonly SourceDefinition[] = [
  coingecko,
  coinpaprika,
  coinlore,
  defillama,
  coinmarketcap,
  dexscreener,
  geckoterminal,
  binance,
  bybit,
  okx,
  kraken,
  kucoin,
  gate,
  mexc,
  bitget,
  coinbase,
  alternativeMe,
]
