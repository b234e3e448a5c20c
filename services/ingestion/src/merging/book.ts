import type { Quote } from '@crypto-signals/contracts'
import type { ListedCoin, QuoteStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { BarBook } from '../bars/bar-book.ts'
import type { Sighting } from '../identity/sighting.ts'
import type { SourceFacts } from '../source.ts'
import { type MergedCoin, newCoin } from './merged-coin.ts'
import { mergedQuote, volumeOf } from './merged-quote.ts'
import { takeParts } from './parts.ts'
import { advanceTimes } from './quote-times.ts'
import { recalledCoin } from './recalled-coin.ts'
import { takePrice } from './take-price.ts'

/** What all sources said of every coin, merged: of each coin and part the freshest trustworthy value. */
export interface Book {
  /** Takes over the quotes that the store remembers; rejects with the signal's reason. */
  recall(signal?: AbortSignal): Promise<void>
  /** Takes over the names of coins that no row of the base source has told of yet. */
  learnCoins(coins: readonly ListedCoin[]): void
  /** Takes in what a source said; tells the coins whose quotes it changed. */
  take(facts: SourceFacts, sightings: readonly Sighting[], receivedAt: number): readonly string[]
  /**
   * The merged quote; null if nothing is known. Changes, sparkline and market cap are worked out when it is asked for. Of each coin
   * (observedAt, receivedAt) grows with every change that `take` tells of, whatever the order in which sources spoke.
   */
  quoteOf(coinId: string, receivedAt: number): Quote | null
  /** The price in use, and how many sources' prices are about as fresh. */
  priceOf(coinId: string): { priceUsd: number; observedAtMs: number; sources: number } | null
  /** How many coins have been priced. */
  readonly size: number
  /** Prices held back as outliers, by source, since the start. */
  heldBack(): ReadonlyMap<string, number>
}

export interface BookOptions {
  quotes: Pick<QuoteStore, 'all'>
  bars: Pick<BarBook, 'tick' | 'priceAt' | 'rangeOf' | 'sparklineOf'>
  log: Logger
}

export function createBook({ quotes, bars, log }: BookOptions): Book {
  const coins = new Map<string, MergedCoin>()
  const sources = createSourceNotes(log)
  let size = 0

  const coinOf = (coinId: string) => {
    const known = coins.get(coinId)
    if (known !== undefined) return known
    const coin = newCoin(coinId)
    coins.set(coinId, coin)
    return coin
  }
  const takeSighting = (facts: SourceFacts, sighting: Sighting, receivedAt: number): boolean => {
    const coin = coinOf(sighting.coinId)
    const before = coin.price
    const isChanged = takeInto(coin, { facts, sighting, receivedAt }, { sources, bars })
    if (before === null && coin.price !== null) size++
    if (isChanged) advanceTimes(coin, receivedAt)
    return isChanged
  }

  return {
    async recall(signal) {
      for await (const batch of quotes.all(PAGE_ROWS)) {
        signal?.throwIfAborted()
        for (const quote of batch) coins.set(quote.coinId, recalledCoin(quote))
        size += batch.filter(({ priceUsd }) => priceUsd !== null).length
      }
    },
    learnCoins(listed) {
      for (const { id, symbol, name } of listed) {
        const coin = coinOf(id)
        if (!coin.isNamed) Object.assign(coin, { symbol, name })
      }
    },
    take(facts, sightings, receivedAt) {
      sources.hear(facts)
      return sightings.filter((sighting) => takeSighting(facts, sighting, receivedAt)).map(({ coinId }) => coinId)
    },
    quoteOf: (coinId, receivedAt) => mergedQuote(coins.get(coinId), receivedAt, bars, sources.isAggregator),
    priceOf: (coinId) => priceOf(coins.get(coinId)),
    get size() {
      return size
    },
    heldBack: () => sources.heldBack,
  }
}

const PAGE_ROWS = 1_000

interface Hearing {
  facts: SourceFacts
  sighting: Sighting
  receivedAt: number
}

interface Surroundings {
  sources: SourceNotes
  bars: Pick<BarBook, 'tick'>
}

/** Takes in what a source said of a coin; tells whether its quote is another. */
function takeInto(
  coin: MergedCoin,
  { facts, sighting, receivedAt }: Hearing,
  { sources, bars }: Surroundings,
): boolean {
  const before = coin.price
  const isNew = before === null && coin.unpriced === null
  const outcome = takePrice(coin, facts, sighting, receivedAt)
  if (outcome === 'held back') sources.holdBack(facts.name, sighting, coin)
  // Who is wrong about the price may well mean another coin.
  const taken = outcome === 'taken' && takeParts(coin, facts, sighting, sources.isAggregator)
  const { price } = coin
  if (price === null || price === before) return taken || (isNew && outcome === 'taken')
  const volume = volumeOf(coin, sources.isAggregator)
  bars.tick(coin.coinId, price.priceUsd, price.observedAtMs, volume?.amount ?? null)
  return true
}

function priceOf(coin: MergedCoin | undefined): ReturnType<Book['priceOf']> {
  if (coin === undefined || coin.price === null) return null
  const { priceUsd, observedAtMs } = coin.price
  return { priceUsd, observedAtMs, sources: coin.fresh }
}

type SourceNotes = ReturnType<typeof createSourceNotes>

/** What is remembered of the sources themselves. */
function createSourceNotes(log: Logger) {
  const kinds = new Map<string, SourceFacts['kind']>()
  const heldBack = new Map<string, number>()
  return {
    hear: ({ name, kind }: SourceFacts) => void kinds.set(name, kind),
    isAggregator: (name: string) => (kinds.get(name) ?? 'aggregator') === 'aggregator',
    holdBack(source: string, { coinId, priceUsd }: Sighting, { price }: MergedCoin) {
      heldBack.set(source, (heldBack.get(source) ?? 0) + 1)
      log.debug({ coinId, source, priceUsd, inUse: price?.priceUsd }, 'price held back: others say another')
    },
    heldBack,
  }
}
