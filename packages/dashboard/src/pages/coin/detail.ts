import type { CoinDetail, CoinSignal } from '@crypto-signals/client'

/** A coin as its page shows it. */
export type Coin = CoinDetail['data']

/** Its primary signal, and those of its four horizons. */
export type Signals = CoinSignal['data']
