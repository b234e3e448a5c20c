import { scoreCoin } from '@crypto-signals/analysis'
import type { Quote, ScoredCoin } from '@crypto-signals/contracts'
import type { SignalStore } from '@crypto-signals/store'

export interface ScoredBatch {
  /** What must be published: the coins scored now, and those whose same observation was stored before but perhaps never published. */
  coins: ScoredCoin[]
  /** How many were scored now. */
  scored: number
}

/** Scores the quotes that are newer than what is stored, and stores the result before it returns. */
export async function scoreBatch(signals: SignalStore, quotes: readonly Quote[]): Promise<ScoredBatch> {
  const stored = new Map((await signals.of(quotes.map(({ coinId }) => coinId))).map((coin) => [coin.coinId, coin]))
  const fresh: ScoredCoin[] = []
  const repeated: ScoredCoin[] = []
  for (const quote of newestOf(quotes)) {
    const previous = stored.get(quote.coinId) ?? null
    const order = previous === null ? 1 : compare(quote, previous)
    if (order > 0) fresh.push(scoreCoin(quote, previous))
    else if (order === 0 && previous !== null) repeated.push(previous)
  }
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
