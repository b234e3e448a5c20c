import { dataVersionOf, type Quote, type ScoredCoin } from '@crypto-signals/contracts'
import { type CoinTable, createCoinTable } from './coins.ts'
import type { Held } from './held.ts'
import { createMarketRows, type MarketRows } from './market-rows.ts'
import { createSignalTable, type SignalTable } from './signals.ts'
import { createSlots, type Slots } from './slots.ts'
import { addHashes } from './state-hash.ts'
import { createVersions, type Versions } from './versions.ts'

/** The whole market in memory. It changes only within one turn of the event loop, so an answer made within one sees one state. */
export interface Market {
  readonly slots: Slots
  readonly coins: CoinTable
  readonly signals: SignalTable
  readonly rows: MarketRows
  /** Names the state of the data, see `dataVersionOf`: changes with each refresh that changed something. */
  readonly version: string
  /** Which versions there were, by the marks of `rows`. */
  readonly versions: Pick<Versions, 'markOf'>
  /** Takes rows in, of any age and in any order: of each coin the newest stays. Tells how many had to be refused. */
  load(rows: { quotes?: readonly Quote[]; scored?: readonly ScoredCoin[] }): number
  /** Puts what was loaded into its place in every order; false if nothing changed. */
  refresh(): boolean
}

export function createMarket(): Market {
  const [slots, rows, versions] = [createSlots(), createMarketRows(), createVersions()]
  const [coins, signals] = [createCoinTable(slots, rows), createSignalTable(slots, rows)]
  let version = versionOf(coins, signals)
  versions.add(version, rows.log.head)
  return {
    slots,
    coins,
    signals,
    rows,
    versions,
    get version() {
      return version
    },
    load({ quotes = [], scored = [] }) {
      let refused = 0
      for (const quote of quotes) if (!coins.apply(quote)) refused++
      for (const coin of scored) if (!signals.apply(coin)) refused++
      return refused
    },
    refresh() {
      const [coinsChanged, signalsChanged] = [coins.refresh(), signals.refresh()]
      if (!coinsChanged && !signalsChanged) return false
      version = versionOf(coins, signals)
      versions.add(version, rows.log.head)
      return true
    },
  }
}

type State = Pick<Held, 'hash' | 'newestReceiptMs'>

const versionOf = (coins: State, signals: State) =>
  dataVersionOf(Math.max(coins.newestReceiptMs(), signals.newestReceiptMs()), addHashes(coins.hash, signals.hash))
