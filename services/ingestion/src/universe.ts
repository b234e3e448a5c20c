import { type Clock, instantOf } from '@crypto-signals/clock'
import type { ListedCoin, SourceStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Caller } from './caller.ts'
import type { Answer, MarketSource } from './market-source.ts'

export interface Universe {
  listedAt: string
  coins: ListedCoin[]
}

/** The coins a source lists, looked up once a day. Coins that left the list stay in the store and out of the sweeps. */
export interface UniverseKeeper {
  /** Reads what the store remembers. */
  recall(): Promise<void>
  /** What is known now, without a call. */
  known(): Universe | null
  /** Asks the source if what is known is older than a day. Rejects only if nothing is known at all. */
  current(signal: AbortSignal): Promise<Universe>
}

export interface UniverseOptions {
  source: MarketSource
  caller: Caller
  store: SourceStore
  clock: Clock
  log: Logger
  account: (answer: Answer<unknown>) => void
}

const FRESH_MS = 86_400_000
/** A list that lost more than half of its coins in a day is a fault of the source. */
const LEAST_SHARE = 0.5

export function createUniverse({ source, caller, store, clock, log, account }: UniverseOptions): UniverseKeeper {
  let known: Universe | null = null

  const listed = async (signal: AbortSignal): Promise<Universe> => {
    const answer = await caller.call('urgent', (call) => source.listCoins(call), signal)
    account(answer)
    const least = Math.max(1, (known?.coins.length ?? 0) * LEAST_SHARE)
    if (answer.rows.length < least)
      throw new Error(`the list holds ${answer.rows.length} coins, at least ${Math.ceil(least)} expected`)
    const universe = { listedAt: instantOf(clock.now()), coins: answer.rows }
    await store.saveUniverse(source.name, universe.listedAt, universe.coins)
    return universe
  }

  return {
    async recall() {
      known = await store.universe(source.name)
    },
    known: () => known,
    async current(signal) {
      if (known !== null && clock.now() - Date.parse(known.listedAt) < FRESH_MS) return known
      try {
        known = await listed(signal)
      } catch (err) {
        if (known === null || signal.aborted) throw err
        log.warn({ err, coins: known.coins.length }, `keeping the old list of coins: ${(err as Error).message}`)
      }
      return known
    },
  }
}
