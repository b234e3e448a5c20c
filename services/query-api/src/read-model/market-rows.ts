import {
  type Action,
  type MarketRow,
  primaryOf,
  type Quote,
  type RowSignals,
  type ScoredCoin,
  SHAPE_POINTS,
  type Signal,
} from '@crypto-signals/contracts'
import { type ChangeLog, createChangeLog } from './change-log.ts'
import { createRowFacts, type RowFacts } from './row-facts.ts'
import { createStoredBytes } from './stored-bytes.ts'

/** The market row of each coin that has a quote, as the JSON it is told as, and when each changed. */
export interface MarketRows {
  readonly log: ChangeLog
  readonly facts: RowFacts
  has(slot: number): boolean
  setQuote(slot: number, quote: Quote): void
  setSignals(slot: number, coin: ScoredCoin): void
  /** The most bytes `write` writes for the slot. */
  roomFor(slot: number): number
  /** Writes the row; returns where it ended. */
  write(slot: number, out: Buffer, at: number): number
}

export function createMarketRows(): MarketRows {
  // In two parts, so that a quote does not need the signals to be read back, nor they it.
  const [quotes, signals] = [createStoredBytes(SLACK_BYTES), createStoredBytes(SLACK_BYTES)]
  const [log, facts] = [createChangeLog(), createRowFacts()]
  const has = (slot: number) => quotes.lengthOf(slot) > 0
  return {
    log,
    facts,
    has,
    setQuote(slot, quote) {
      log.touch(slot)
      facts.setChanges(slot, quote.changePct, log.head)
      quotes.set(slot, quotePart(quote), BEFORE_SIGNALS)
    },
    setSignals(slot, coin) {
      if (has(slot)) log.touch(slot)
      const primary = primaryOf(coin.signals)
      facts.setActions(slot, [...coin.signals, primary].map(actionOf), log.head)
      signals.set(slot, signalsPart(coin, primary), AFTER_SIGNALS)
    },
    roomFor: (slot) => quotes.lengthOf(slot) + Math.max(signals.lengthOf(slot), UNSCORED.length),
    write(slot, out, at) {
      const end = quotes.copy(slot, out, at)
      return signals.lengthOf(slot) > 0 ? signals.copy(slot, out, end) : end + UNSCORED.copy(out, end)
    },
  }
}

const [BEFORE_SIGNALS, AFTER_SIGNALS, UNSCORED] = [',"signals":', '}}', 'null}'].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
  Buffer,
]

// Numbers gain and lose digits, no more.
const SLACK_BYTES = 32

const quotePart = (quote: Quote): Omit<MarketRow, 'signals'> => ({
  coinId: quote.coinId,
  symbol: quote.symbol,
  name: quote.name,
  rank: quote.marketCapRank,
  priceUsd: quote.priceUsd,
  marketCapUsd: quote.marketCapUsd,
  volumeUsd24h: quote.volumeUsd24h,
  changePct: {
    '1h': quote.changePct['1h'],
    '24h': quote.changePct['24h'],
    '7d': quote.changePct['7d'],
    '30d': quote.changePct['30d'],
  },
  shape7d: quote.sparkline && shapeOf(quote.sparkline),
  source: quote.source,
  observedAt: quote.observedAt,
})

function signalsPart({ signals }: ScoredCoin, { timeframe, observedAt, updatedAt }: Signal): RowSignals {
  const row: Partial<RowSignals> = { primary: timeframe, observedAt, updatedAt }
  for (const { timeframe, finalScore, recommendation, insufficientData } of signals) {
    const { action, confidence } = recommendation
    row[timeframe] = { finalScore, action, confidence, insufficientData }
  }
  return row as RowSignals
}

const actionOf = ({ recommendation }: Signal): Action => recommendation.action

/** Some of the prices, the first and the last among them, between the lowest and the highest of these; null if they are too few to have a course. */
function shapeOf(prices: readonly number[]): number[] | null {
  if (prices.length < 2) return null
  const points = Math.min(prices.length, SHAPE_POINTS)
  const taken = Array.from({ length: points }, (_, i) => {
    return prices[Math.round((i * (prices.length - 1)) / (points - 1))] as number
  })
  const [lowest, highest] = [Math.min(...taken), Math.max(...taken)]
  return taken.map((price) => (highest > lowest ? Math.round((100 * (price - lowest)) / (highest - lowest)) : MIDDLE))
}

// Where the price stood still there is neither a lowest nor a highest.
const MIDDLE = 50
