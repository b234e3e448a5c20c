import { type Clock, instantOf } from '@crypto-signals/clock'
import type { Mapping } from '@crypto-signals/store'
import type { ExchangePair } from '../source.ts'
import type { MappingTable, Method } from './mapping-table.ts'
import { multiplesIn } from './symbol.ts'

/** What the base source says that the pairs of exchanges are of. */
export interface PairBook {
  /** Whether anything was new. */
  learn(source: string, pairs: readonly ExchangePair[]): boolean
  /** The table was changed by others. */
  forget(source: string): void
  /** Of which coin a pair is: as said of itself, or else of all pairs of its base. */
  coinOf(source: string, base: string, target: string): { coinId: string; method: Method } | null
}

export function createPairBook(table: MappingTable, clock: Clock): PairBook {
  const bases = new Map<string, Map<string, string | null>>()
  const basesOf = (source: string) => {
    const known = bases.get(source) ?? agreedBases(table.of(source).values())
    bases.set(source, known)
    return known
  }
  const put = (source: string, { key, coinId, symbol }: SaidPair, dropped: Mapping['dropped']) => {
    const held = table.of(source).get(key)
    if (held?.method === 'pairs' && held.coinId === coinId && (dropped === null || held.dropped !== null)) return false
    if (held === undefined && table.of(source).size >= MAX_PAIRS) return false
    const at = instantOf(clock.now())
    const confidence = multiplesIn(symbol).length === 0 ? SETTLED_CONFIDENCE : OPEN_CONFIDENCE
    const seen = { firstSeenAt: at, lastSeenAt: at }
    table.put({ source, key, coinId, method: 'pairs', confidence, multiplier: 1, ...seen, dropped })
    return true
  }
  return {
    learn(source, pairs) {
      let isNew = false
      for (const { said, isContradicted } of clean(pairs).values()) {
        const dropped = isContradicted ? { at: instantOf(clock.now()), reason: 'said to be of two coins' } : null
        isNew = put(source, said, dropped) || isNew
      }
      if (isNew) bases.delete(source)
      return isNew
    },
    forget: (source) => bases.delete(source),
    coinOf(source, base, target) {
      const held = table.of(source).get(pairKeyOf(base, target))
      if (held?.method === 'pairs') return { coinId: held.coinId, method: 'pairs' }
      const coinId = basesOf(source).get(base.toUpperCase()) ?? null
      return coinId === null ? null : { coinId, method: 'pairs-of-base' }
    },
  }
}

/** How a pair is named in the table, whatever its exchange's own name of it. */
export const pairKeyOf = (base: string, target: string): string => `${base}/${target}`.toUpperCase()

/** Of a pair that may be of a multiple, before and after a price has told which. */
const OPEN_CONFIDENCE = 0.5
export const SETTLED_CONFIDENCE = 0.95

/** More than any exchange has. */
const MAX_PAIRS = 20_000
const MAX_SYMBOL = 64

interface SaidPair {
  key: string
  symbol: string
  coinId: string
}

function clean(pairs: readonly ExchangePair[]): Map<string, { said: SaidPair; isContradicted: boolean }> {
  const cleaned = new Map<string, { said: SaidPair; isContradicted: boolean }>()
  for (const { base, target, coinId } of pairs) {
    if (![base, target].every(isSymbol)) continue
    const key = pairKeyOf(base, target)
    const other = cleaned.get(key)
    if (other === undefined) cleaned.set(key, { said: { key, symbol: base, coinId }, isContradicted: false })
    else if (other.said.coinId !== coinId) other.isContradicted = true
  }
  return cleaned
}

const isSymbol = (symbol: string) => symbol !== '' && symbol.length <= MAX_SYMBOL && !symbol.includes('/')

/** The coin of each base that all its pairs agree on; null where they do not, or one was found wrong. */
function agreedBases(mappings: Iterable<Mapping>): Map<string, string | null> {
  const agreed = new Map<string, string | null>()
  for (const { key, coinId, method, dropped } of mappings) {
    if (method !== 'pairs') continue
    const base = key.slice(0, key.indexOf('/'))
    const isFirst = !agreed.has(base)
    agreed.set(base, dropped === null && (isFirst || agreed.get(base) === coinId) ? coinId : null)
  }
  return agreed
}
