import type { ListedCoin, Mapping, MappingStore } from '@crypto-signals/store'
import { captureLog, FakeClock } from '@crypto-signals/testing'
import { createIdentity } from '../src/identity/identity.ts'
import type { Sighting } from '../src/identity/sighting.ts'
import type { Observation } from '../src/observation.ts'
import type { SourceFacts } from '../src/source.ts'
import { observationOf } from './observations.ts'
import { exchangeOf, factsOf } from './sightings.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/** An identity with a book whose prices the test sets, and time that it lets pass. */
export function identityRig(coins: readonly ListedCoin[], mappings: MappingStore = memoryMappings()) {
  const clock = new FakeClock()
  const { log, lines } = captureLog()
  const prices = new Map<string, { priceUsd: number; observedAtMs: number; sources: number }>()
  const identity = createIdentity({ mappings, clock, log, priceOf: (coinId) => prices.get(coinId) ?? null })
  identity.learnCoins(coins)
  const rig = {
    identity,
    clock,
    lines,
    /** What the book has: by `sources` sources, now. */
    price: (coinId: string, priceUsd: number, sources = 3): void => {
      prices.set(coinId, { priceUsd, observedAtMs: clock.now(), sources })
    },
    say: (facts: SourceFacts, ...rows: Partial<Observation>[]): Sighting[] => {
      const receivedAt = clock.now()
      const said = rows.map((row) => observationOf({ observedAtMs: receivedAt, ...row }))
      return identity.resolve(facts, { receivedAt, rows: said, faults: [], repeated: 0 })
    },
    /** The same, again and again, 10 min apart: what is seen the last time. `says` is told which time it is. */
    sayOften: async (
      times: number,
      facts: SourceFacts,
      says: (time: number) => Partial<Observation>[],
    ): Promise<Sighting[]> => {
      let seen: Sighting[] = []
      for (let time = 0; time < times; time++) {
        await clock.advance(10 * MINUTE_MS)
        seen = rig.say(facts, ...says(time))
      }
      return seen
    },
  }
  rig.price('tether', 1)
  return rig
}

/** Mappings in memory, in no particular order. */
export function memoryMappings(): MappingStore & { readonly saved: Map<string, Mapping> } {
  const saved = new Map<string, Mapping>()
  return {
    saved,
    async save(mappings) {
      for (const mapping of mappings) saved.set(`${mapping.source} ${mapping.key}`, { ...mapping })
    },
    async *all() {
      if (saved.size > 0) yield [...saved.values()]
    },
  }
}

/** `id|symbol|name`, and contracts as `platform:address`. */
export function coinOf(line: string, ...contracts: string[]): ListedCoin {
  const [id = '', symbol = '', name = ''] = line.split('|')
  const platforms = contracts.map((contract) => contract.split(':') as [string, string])
  return { id, symbol, name, platforms: Object.fromEntries(platforms) }
}

export const PAPRIKA = factsOf('coinpaprika')
export const BINANCE = exchangeOf('binance')
export const DEX = factsOf('dexscreener', { kind: 'dex', keys: 'contract' })

/** A row of an exchange: `pairOf('BTC/USDT', 50_000)`. */
export function pairOf(pair: string, price: number, volume24h = 1e6): Partial<Observation> {
  const [symbol = '', currency = ''] = pair.split('/')
  return { key: symbol + currency, symbol, currency, price, volume24h }
}

/** What the base source says of pairs: `saidOf('BTC/USDT bitcoin')`. */
export const saidOf = (...said: string[]) =>
  said.map((line) => {
    const [pair = '', coinId = ''] = line.split(' ')
    const [base = '', target = ''] = pair.split('/')
    return { base, target, coinId, targetCoinId: null }
  })
