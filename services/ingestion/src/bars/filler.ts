import type { Clock } from '@crypto-signals/clock'
import { BARS_KEPT } from '@crypto-signals/contracts'
import type { Identity } from '../identity/identity.ts'
import type { MarketSource } from '../source.ts'
import type { BarBook } from './bar-book.ts'

/** Chooses whose past to ask for where a source has calls to spare. */
export interface Filler {
  /** The next call to make of a source; null if it has no history, or none of a coin that lacks one. */
  next(source: Pick<MarketSource, 'facts' | 'history'>): FillCall | null
}

interface FillCall {
  coinId: string
  interval: FilledInterval
  /** Asks, and puts what comes into the bars. Rejects as the source does. */
  ask(signal: AbortSignal): Promise<void>
}

interface FillerOptions {
  book: Pick<BarBook, 'fill' | 'known'>
  identity: Pick<Identity, 'keyOf'>
  /** Coins, those first whose past is wanted most. */
  coins: () => Iterable<string>
  clock: Clock
}

/** A coin that lacks bars is asked for once a week at most, whatever came of it; one that has them, as after a restart, is not asked for. */
export function createFiller({ book, identity, coins, clock }: FillerOptions): Filler {
  const askedAt: Record<FilledInterval, Map<string, number>> = { '1d': new Map(), '1h': new Map() }
  const isWanted = (coinId: string, interval: FilledInterval) => {
    const agoMs = clock.now() - (askedAt[interval].get(coinId) ?? Number.NEGATIVE_INFINITY)
    return agoMs >= ASK_AGAIN_MS && shareKnown(coinId, interval) < ENOUGH
  }
  const shareKnown = (coinId: string, interval: FilledInterval) => book.known(coinId, interval) / BARS_KEPT[interval]

  return {
    next({ facts, history }) {
      if (history === undefined) return null
      for (const coinId of coins()) {
        const wanted = FILLED.filter((interval) => isWanted(coinId, interval))
        const [interval] = wanted.sort((a, b) => shareKnown(coinId, a) - shareKnown(coinId, b))
        const key = interval === undefined ? null : identity.keyOf(facts.name, coinId)
        if (interval === undefined || key === null) continue
        const ask = async (signal: AbortSignal) => {
          askedAt[interval].set(coinId, clock.now())
          book.fill(coinId, interval, await history(key, interval, signal))
        }
        return { coinId, interval, ask }
      }
      return null
    },
  }
}

// Five minutes are soon known without asking.
const FILLED = ['1d', '1h'] as const
type FilledInterval = (typeof FILLED)[number]

const ASK_AGAIN_MS = 7 * 86_400_000

const ENOUGH = 0.8
