import { scoreCoin } from '@crypto-signals/analysis'
import type { Quote, ScoredCoin } from '@crypto-signals/contracts'
import type { CoinScores, SignalStore } from '@crypto-signals/store'
import { endedBy, type History } from './history.ts'

export interface ScoredBatch {
  /** What must be published: the coins scored now, and those whose same observation was stored before but perhaps never published. */
  coins: ScoredCoin[]
  /** How many were scored now. */
  scored: number
}

/** What scoring reads and writes. */
interface Records {
  signals: SignalStore
  history: History
}

/** Scores the quotes that are newer than what is stored, and stores the result before it returns. */
export async function scoreBatch({ signals, history }: Records, quotes: readonly Quote[]): Promise<ScoredBatch> {
  const stored = new Map((await signals.of(quotes.map(({ coinId }) => coinId))).map((coin) => [coin.coinId, coin]))
  const fresh: ScoredCoin[] = []
  const repeated: ScoredCoin[] = []
  const ended: CoinScores[] = []
  for (const quote of newestOf(quotes)) {
    const previous = stored.get(quote.coinId) ?? null
    const order = previous === null ? 1 : compare(quote, previous)
    if (order > 0) {
      const coin = scoreCoin(quote, previous)
      fresh.push(coin)
      if (previous !== null) ended.push(...endedBy(coin, previous))
    } else if (order === 0 && previous !== null) repeated.push(previous)
  }
  // The history first: whoever is killed between the two finds the same signals to keep when the event comes again.
  await history.keep(ended)
  if (fresh.length > 0) await signals.save(fresh)
  return { coins: [...repeated, ...fresh], scored: fresh.length }
}

/** One quote per coin, should a batch hold more: the newest. */
function newestOf(quotes: readonly Quote[]): Iterable<Quote> {
  const newest = new Map<string, Quote>()
  for (const quote of quotes) {
    const known = newest.get(quote.coinId)
    if (known === undefined || keyOf(quote) > keyOf(known)) newest.set(quote.coinId, quote)
  }
  return newest.values()
}

/** Whether the quote is newer than (1), the same observation as (0) or older than (-1) the signals. */
function compare(quote: Quote, { signals }: ScoredCoin): number {
  const key = `${signals[0]?.observedAt} ${signals[0]?.updatedAt}`
  return keyOf(quote) > key ? 1 : keyOf(quote) === key ? 0 : -1
}

/** Instants have one length, so the pair compares as text. */
const keyOf = ({ observedAt, receivedAt }: Quote) => `${observedAt} ${receivedAt}`
