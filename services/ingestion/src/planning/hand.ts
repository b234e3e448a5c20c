import type { MarketIndex } from '@crypto-signals/contracts'
import type { ListedCoin } from '@crypto-signals/store'
import type { Observation } from '../observation.ts'
import type { Answer, ExchangePair, MarketSource, PollFeed, StreamFeed } from '../source.ts'

/** Where answers go. */
export interface Hand {
  /** The base source's list: from the store at the start, and whenever it was asked anew. */
  coins: (coins: readonly ListedCoin[]) => void
  /** What pairs of an exchange are of, by the name of the source that it is; resolves when that is kept. */
  pairs: (exchange: string, pairs: readonly ExchangePair[]) => Promise<void>
  observations: (from: AnswerFrom, answer: Answer<Observation>, signal: AbortSignal) => Promise<void>
  index: (index: MarketIndex) => Promise<void>
}

export interface AnswerFrom {
  source: MarketSource
  feed: PollFeed | StreamFeed
  /** `<source>:<feed>:<start of the round>:<call>`: with the time of receipt it names the answer. */
  batch: string
}
