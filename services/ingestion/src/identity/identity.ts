import type { Clock } from '@crypto-signals/clock'
import type { ListedCoin, MappingStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Observation } from '../observation.ts'
import type { Answer, ExchangePair, SourceFacts } from '../source.ts'
import { contractsOf, createCatalog } from './catalog.ts'
import { createCommonFactors } from './common-factors.ts'
import { createCurrencies } from './currencies.ts'
import type { Ground } from './ground.ts'
import { createIdView } from './id-view.ts'
import { createKeyView } from './key-view.ts'
import { countMappings, type MappingCount } from './mapping-counts.ts'
import { createMappingTable } from './mapping-table.ts'
import { createPairBook } from './pair-book.ts'
import { createReference, type PriceOf } from './reference.ts'
import type { Sighting } from './sighting.ts'
import type { CoinKey, SourceView } from './source-view.ts'

/** Knows which coin each source means. A wrong answer is worse than none. */
export interface Identity {
  /** Takes over what the store remembers; rejects with the signal's reason. */
  recall(signal?: AbortSignal): Promise<void>
  /** The base source's list: the only source of coin ids. */
  learnCoins(coins: readonly ListedCoin[]): void
  /** What the base source says an exchange's pairs are of; adds to what it said before. */
  learnPairs(source: string, pairs: readonly ExchangePair[]): void
  /** What of an answer is of coins of ours; the rest is kept as evidence, or left out. At most one sighting a coin: of an exchange, that of its most liquid pair. */
  resolve(facts: SourceFacts, answer: Answer<Observation>): Sighting[]
  /** Coins that a source has been seen to price of late. */
  coinsOf(source: string): ReadonlySet<string>
  /** Of a coin, how the source names it; null where it is not known. */
  keyOf(source: string, coinId: string): CoinKey | null
  contractsOf(coinId: string): readonly { platform: string; address: string }[]
  /** How many mappings there are by source and method, and how many were dropped. */
  counts(): readonly MappingCount[]
  /** Writes what was learnt since, and forgets keys not seen for long; also called at the end. */
  flush(): Promise<void>
}

export interface IdentityOptions {
  mappings: MappingStore
  clock: Clock
  log: Logger
  priceOf: PriceOf
}

export function createIdentity({ mappings, clock, log, priceOf }: IdentityOptions): Identity {
  const table = createMappingTable(mappings, log)
  const pairs = createPairBook(table, clock)
  const [reference, currencies] = [createReference(priceOf), createCurrencies(priceOf, log)]
  const factors = createCommonFactors()
  const ground: Ground = { catalog: createCatalog([]), generation: 0, table, pairs, reference, currencies, factors }
  const views = new Map<string, SourceView>()
  const viewOf = (facts: SourceFacts) => {
    const create = facts.keys === 'coingecko-id' ? createIdView : createKeyView
    const view = views.get(facts.name) ?? create(facts, ground)
    views.set(facts.name, view)
    return view
  }
  return {
    async recall(signal) {
      await table.recall(signal)
      for (const source of table.sources()) pairs.forget(source)
      ground.generation++
    },
    learnCoins(coins) {
      ground.catalog = createCatalog(coins)
      ground.generation++
    },
    learnPairs(source, said) {
      if (pairs.learn(source, said)) ground.generation++
    },
    resolve(facts, answer) {
      const sightings = viewOf(facts).resolve(answer)
      currencies.hear(facts, sightings)
      return sightings
    },
    coinsOf: (source) => views.get(source)?.coins ?? NO_COINS,
    keyOf: (source, coinId) => views.get(source)?.keyOf(coinId) ?? null,
    contractsOf(coinId) {
      const coin = ground.catalog.get(coinId)
      return coin === null ? [] : contractsOf(coin)
    },
    counts: () => countMappings(table, views.values()),
    async flush() {
      for (const view of views.values()) view.tidy(clock.now())
      await table.flush()
    },
  }
}

const NO_COINS: ReadonlySet<string> = new Set()
