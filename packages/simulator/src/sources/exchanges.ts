import { binance, mexc } from './binance.ts'
import { bitget } from './bitget.ts'
import { bybit } from './bybit.ts'
import { coinbase } from './coinbase.ts'
import { gate } from './gate.ts'
import { kraken } from './kraken.ts'
import { kucoin } from './kucoin.ts'
import { okx } from './okx.ts'

/** Every exchange of the world. */
export const EXCHANGES = [binance, bybit, okx, kraken, kucoin, gate, mexc, bitget, coinbase]
