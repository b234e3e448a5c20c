import { type Clock, instantOf } from '@crypto-signals/clock'
import type { ListedCoin, SourceStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Answer } from '../source.ts'
import { unlessAborted } from '../unless-aborted.ts'

interface Universe {
  listedAt: string
  coins: ListedCoin[]
}

/** The coins that the base source lists, looked up once a day. Coins that left the list stay in the store and out of the rounds. */
export interface UniverseKeeper {
  /** Reads what the store remembers. */
  recall: () => Promise<void>
  /** What is known now, without a call. */
  known: () => Universe | null
  /** Resolves when anything is known; rejects with the signal's reason. */
  whenKnown: (signal: AbortSignal) => Promise<void>
  /** Asks the source, by `ask`, if what is known is older than a day. Rejects only if nothing is known at all. */
  current: (ask: AskList, signal: AbortSignal) => Promise<Universe>
}

export interface UniverseOptions {
  /** The base source's name. */
  source: string
  store: SourceStore
  clock: Clock
  log: Logger
  /** Told of every list that is learnt. */
  learnt: (coins: readonly ListedCoin[]) => void
}

type AskList = (signal: AbortSignal) => Promise<Answer<ListedCoin>>

const LIST_FRESH_MS = 86_400_000
/** A list that lost more than half of its coins in a day is a fault of the source. */
const LEAST_SHARE = 0.5

export function createUniverse({ source, store, clock, log, learnt }: UniverseOptions): UniverseKeeper {
  const first = Promise.withResolvers<void>()
  let known: Universe | null = null

  const know = (universe: Universe) => {
    known = universe
    learnt(universe.coins)
    first.resolve()
    return universe
  }
  const listed = async (ask: AskList, signal: AbortSignal): Promise<Universe> => {
    const answer = await ask(signal)
    const least = Math.max(1, (known?.coins.length ?? 0) * LEAST_SHARE)
    if (answer.rows.length < least)
      throw new Error(`the list holds ${answer.rows.length} coins, at least ${Math.ceil(least)} expected`)
    const universe = { listedAt: instantOf(clock.now()), coins: answer.rows }
    await store.saveUniverse(source, universe.listedAt, universe.coins)
    return universe
  }

  return {
    async recall() {
      const remembered = await store.universe(source)
      if (remembered !== null) know(remembered)
    },
    known: () => known,
    whenKnown: (signal) => unlessAborted(first.promise, signal),
    async current(ask, signal) {
      if (known !== null && clock.now() - Date.parse(known.listedAt) < LIST_FRESH_MS) return known
      try {
        return know(await listed(ask, signal))
      } catch (err) {
        if (known === null || signal.aborted) throw err
        log.warn({ err, coins: known.coins.length }, `keeping the old list of coins: ${(err as Error).message}`)
        return known
      }
    },
  }
}
