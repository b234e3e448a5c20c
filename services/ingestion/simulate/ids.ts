import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { systemClock } from '@crypto-signals/clock'
import { startSimulator } from '@crypto-signals/simulator'
import type { ListedCoin } from '@crypto-signals/store'

const REAL = resolve(import.meta.dirname, '../../../../shared/data/coingecko/coins_list_2025-03-31.json.gz')

/** The coins to simulate, and in a few words where they are from. */
export interface Ids {
  coins: Omit<ListedCoin, 'platforms'>[]
  origin: string
}

/** CoinGecko's real list where a copy of it lies beside the repository, or else the simulator's invented one. */
export const readIds = async (): Promise<Ids> => {
  if (existsSync(REAL)) {
    const coins = JSON.parse(String(gunzipSync(readFileSync(REAL)))) as Ids['coins']
    return { coins, origin: 'the real list of 2025-03-31' }
  }
  await using simulator = await startSimulator({ clock: systemClock })
  const coins = (await (await fetch(`${simulator.url}/coins/list`)).json()) as Ids['coins']
  return { coins, origin: 'invented: the real list is not here' }
}
