import type { Clock } from '@crypto-signals/clock'
import { BAR_MS, BARS_KEPT, type Bar } from '@crypto-signals/contracts'
import type { Logger } from 'pino'
import type { Identity } from '../identity/identity.ts'
import type { PriceOf } from '../identity/reference.ts'
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
  book: Pick<BarBook, 'fill' | 'known' | 'priceAt'>
  identity: Pick<Identity, 'keyOf'>
  /** The price in use. */
  priceOf: PriceOf
  /** Coins, those first whose past is wanted most. */
  coins: () => Iterable<string>
  clock: Clock
  log: Logger
}

/** A coin that lacks bars is asked for once a week at most, whatever came of it; one that has them, as after a restart, is not asked for. */
export function createFiller({ book, identity, priceOf, coins, clock, log }: FillerOptions): Filler {
  const askedAt: Record<FilledInterval, Map<string, number>> = { '1d': new Map(), '1h': new Map() }
  const isWanted = (coinId: string, interval: FilledInterval) => {
    const agoMs = clock.now() - (askedAt[interval].get(coinId) ?? Number.NEGATIVE_INFINITY)
    return agoMs >= ASK_AGAIN_MS && shareKnown(coinId, interval) < ENOUGH
  }
  const shareKnown = (coinId: string, interval: FilledInterval) => book.known(coinId, interval) / BARS_KEPT[interval]

  /** Puts past bars in unless they end at quite another price than is known of about that time. */
  const fill = (source: string, { coinId, interval }: Pick<FillCall, 'coinId' | 'interval'>, past: readonly Bar[]) => {
    const last = past.at(-1)
    if (last === undefined) return
    const endMs = Date.parse(last.openedAt) + BAR_MS[interval]
    const known = (book.priceAt(coinId, endMs) ?? priceOf(coinId))?.priceUsd ?? 0
    const ratio = known > 0 ? last.close / known : 1
    if (ratio <= MOST_APART && ratio >= 1 / MOST_APART) return book.fill(coinId, interval, past)
    log.warn({ coinId, source, interval, close: last.close, known }, 'past bars refused: they are of another price')
  }

  return {
    next({ facts, history }) {
      if (history === undefined) return null
      for (const coinId of coins()) {
        const wanted = FILLED.filter((interval) => isWanted(coinId, interval))
        const [interval] = wanted.sort((a, b) => shareKnown(coinId, a) - shareKnown(coinId, b))
        const known = interval === undefined ? null : identity.keyOf(facts.name, coinId)
        if (interval === undefined || known === null) continue
        const ask = async (signal: AbortSignal) => {
          askedAt[interval].set(coinId, clock.now())
          const past = await history(known.key, interval, signal)
          fill(facts.name, { coinId, interval }, perCoin(past, known.multiplier))
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

// Coins seldom move so much within a day; a wrong multiplier or another coin of the same symbol is off by far more.
const MOST_APART = 3

/** Prices of so many coins as prices of one; volumes are in dollars as they are. */
const perCoin = (bars: readonly Bar[], multiplier: number): readonly Bar[] =>
  multiplier === 1
    ? bars
    : bars.map(({ open, high, low, close, ...bar }) => ({
        ...bar,
        open: open / multiplier,
        high: high / multiplier,
        low: low / multiplier,
        close: close / multiplier,
      }))
