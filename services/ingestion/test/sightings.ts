import type { Changes } from '@crypto-signals/contracts'
import type { Sighting } from '../src/identity/sighting.ts'
import type { BookOptions } from '../src/merging/book.ts'
import type { SourceFacts } from '../src/source.ts'

/** What a source says of itself; an aggregator, unless told otherwise. */
export const factsOf = (name: string, overrides: Partial<SourceFacts> = {}): SourceFacts => ({
  name,
  title: name,
  kind: 'aggregator',
  attribution: { text: name, url: 'https://example.com' },
  terms: 'unknown',
  access: 'open',
  fields: ['price'],
  keys: 'own-id',
  derivedFrom: null,
  ...overrides,
})

/** The source that lists and names coins. */
export const BASE = factsOf('coingecko', { keys: 'coingecko-id' })

export const exchangeOf = (name: string): SourceFacts => factsOf(name, { kind: 'exchange', keys: 'pair' })

/** The start of the tests' time. */
export const START = Date.parse('2026-01-01T00:00:00.000Z')

/** A sighting of Bitcoin that says the price alone, unless told otherwise. */
export const sightingOf = (overrides: Partial<Sighting> = {}): Sighting => ({
  coinId: 'bitcoin',
  convertedFrom: null,
  key: 'bitcoin',
  symbol: null,
  name: null,
  image: null,
  priceUsd: 100,
  volumeUsd24h: null,
  high24hUsd: null,
  low24hUsd: null,
  marketCapUsd: null,
  marketCapRank: null,
  circulatingSupply: null,
  changePct: null,
  sparkline: null,
  observedAtMs: START,
  ...overrides,
})

/** Changes that are known of some spans. */
export const changesWith = (known: Partial<Changes>): Changes => ({
  '1h': null,
  '24h': null,
  '7d': null,
  '14d': null,
  '30d': null,
  '200d': null,
  '1y': null,
  ...known,
})

type Bars = BookOptions['bars']

/** Bars that know nothing but what they are told to, and keep what they are given. */
export function barsOf(known: Partial<Bars> = {}) {
  const ticks: Parameters<Bars['tick']>[] = []
  const bars: Bars = {
    tick: (...tick) => void ticks.push(tick),
    priceAt: () => null,
    rangeOf: () => null,
    sparklineOf: () => null,
    ...known,
  }
  return { ...bars, ticks }
}
