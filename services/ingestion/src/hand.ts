import type { SourceStore } from '@crypto-signals/store'
import type { BarBook } from './bars/bar-book.ts'
import { barsOfSparkline } from './bars/sparkline-bars.ts'
import type { Identity } from './identity/identity.ts'
import type { Book } from './merging/book.ts'
import type { Outflow } from './outflow.ts'
import type { AnswerFrom, Hand } from './planning/hand.ts'

export interface MarketHand extends Hand {
  /** The coins that came in, the first first. */
  readonly cameIn: ReadonlySet<string>
}

export interface HandOptions {
  identity: Identity
  book: Book
  bars: Pick<BarBook, 'fill'>
  outflow: Outflow
  store: Pick<SourceStore, 'saveIndex'>
}

/** Takes answers through the whole of ingestion: which coin each row is of, what is made of it, and out. */
export function createHand({ identity, book, bars, outflow, store }: HandOptions): MarketHand {
  const came = new Set<string>()
  return {
    coins(coins) {
      identity.learnCoins(coins)
      book.learnCoins(coins)
    },
    async pairs(exchange, pairs) {
      identity.learnPairs(exchange, pairs)
      await identity.flush()
    },
    async observations({ source, feed, batch }, answer, signal) {
      const { receivedAt } = answer
      const sightings = identity.resolve(source.facts, answer)
      // First, so that what the bars tell of the quotes is told by these, too.
      for (const { coinId, sparkline, observedAtMs } of sightings)
        if (sparkline !== null) bars.fill(coinId, '1h', barsOfSparkline(sparkline, observedAtMs))
      const changed = book.take(source.facts, sightings, receivedAt)
      if (changed.length === 0) return
      signal.throwIfAborted()
      // The time is part of the id: a batch that is fetched anew after a crash holds other rows and is no repeat.
      await outflow.offer(
        `${batch}:${receivedAt}`,
        changed,
        { coalesce: isRapid({ source, feed }), receivedAt },
        signal,
      )
      for (const coinId of changed) came.add(coinId)
    },
    index: (index) => store.saveIndex(index),
    cameIn: came,
  }
}

/** An exchange says of thousands of coins every few seconds that they moved a little: that is gathered before it goes out. */
const isRapid = ({ source, feed }: Pick<AnswerFrom, 'source' | 'feed'>) =>
  feed.kind === 'stream' || source.facts.kind === 'exchange'
