import { COIN_SORTS, type Coin, type CoinSort, type Quote } from '@crypto-signals/contracts'
import { type Column, createColumn } from './column.ts'
import { createHeld, type Held } from './held.ts'
import type { MarketRows } from './market-rows.ts'
import { createOrder, type Order } from './order.ts'
import { pageWhere, type Window } from './page-where.ts'
import { createRowBytes, type RowBytes } from './row-bytes.ts'
import type { Slots } from './slots.ts'
import { createSources, type Sources } from './sources.ts'
import { createSymbols } from './symbols.ts'

/** The latest observation of every coin, ready to be served. A coin's row is its slot. */
export interface CoinTable extends Pick<Held, 'hash' | 'newestReceiptMs' | 'observedAtMs'> {
  /** How many coins were observed. */
  readonly size: number
  readonly bytes: RowBytes
  readonly sources: Sources
  /** Each slot's rank, Infinity where there is none. */
  ranks(): Float64Array
  has(slot: number): boolean
  hasPrice(slot: number): boolean
  /** What is served of a coin, read back from its bytes: for what is asked for rarely. */
  read(slot: number): Omit<Coin, 'ageMs' | 'freshness'>
  /** How many coins have a price that was observed at that time, ms since the epoch, or later. */
  pricedSince(sinceMs: number): number
  /** Takes the quote if it is newer than the one held. False if it is not what a quote must be. */
  apply(quote: Quote): boolean
  /** Brings every order up to date; false if nothing changed. */
  refresh(): boolean
  page(sort: CoinSort, window: Window, filter?: CoinFilter): { rows: ArrayLike<number>; total: number }
}

interface CoinFilter {
  /** In any case. */
  symbol?: string | undefined
  /** Nothing observed before it, ms since the epoch. */
  sinceMs?: number | undefined
}

/** What it takes goes to `rows` too. */
export function createCoinTable(slots: Slots, rows: Pick<MarketRows, 'setQuote'>): CoinTable {
  const [bytes, held] = [createRowBytes(), createHeld('quote', slots.ids)]
  const [symbols, sources, priced] = [createSymbols(), createSources(), createColumn(Uint8Array)]
  const { keysOf, orderOf } = createOrders(slots)

  const take = (slot: number, quote: Quote, observedAtMs: number) => {
    for (const sort of COIN_SORTS) keysOf[sort].set(slot, KEYS[sort](quote))
    symbols.set(slot, quote.symbol)
    sources.set(slot, quote)
    priced.set(slot, quote.priceUsd === null ? 0 : 1)
    bytes.set(slot, shownOf(quote), observedAtMs)
    rows.setQuote(slot, quote)
  }
  return {
    get size() {
      return held.size
    },
    get hash() {
      return held.hash
    },
    ranks: () => keysOf.marketCapRank.values,
    newestReceiptMs: () => held.newestReceiptMs(),
    observedAtMs: held.observedAtMs,
    bytes,
    sources,
    has: (slot) => held.has(slot),
    hasPrice: (slot) => priced.values[slot] === 1,
    read: (slot) => JSON.parse(`${bytes.text(slot, 0)}}`),
    pricedSince: (sinceMs) => countSince(sinceMs, priced.values, held.observedAtMs()),
    apply(quote) {
      const [observedAtMs, receivedAtMs] = [Date.parse(quote.observedAt), Date.parse(quote.receivedAt)]
      if (Number.isNaN(observedAtMs) || Number.isNaN(receivedAtMs)) return false
      const slot = slots.of(quote.coinId)
      if (held.accept(slot, observedAtMs, receivedAtMs)) take(slot, quote, observedAtMs)
      return true
    },
    refresh: () =>
      held.settle((changed) => {
        for (const sort of COIN_SORTS) orderOf[sort].update(changed)
      }),
    page(sort, window, { symbol, sinceMs = Number.NEGATIVE_INFINITY } = {}) {
      if (symbol === undefined && sinceMs === Number.NEGATIVE_INFINITY) return whole(orderOf[sort], window)
      const observedAtMs = held.observedAtMs()
      const hasSymbol = symbol === undefined ? () => true : symbols.having(symbol)
      if (hasSymbol === null) return { rows: [], total: 0 }
      const isSince = (slot: number) => (observedAtMs[slot] as number) >= sinceMs
      const { slots: rows, total } = pageWhere(all(orderOf[sort]), (slot) => hasSymbol(slot) && isSince(slot), window)
      return { rows, total }
    },
  }
}

function shownOf(quote: Quote): Omit<Coin, 'ageMs' | 'freshness'> {
  const { sparkline: _, ...shown } = quote
  return shown
}

function createOrders({ ids }: Slots) {
  const keysOf = Object.fromEntries(COIN_SORTS.map((sort) => [sort, createColumn(Float64Array)])) as Keys
  const orderOf = Object.fromEntries(COIN_SORTS.map((sort) => [sort, createOrder(ids, keysOf[sort])]))
  return { keysOf, orderOf: orderOf as Record<CoinSort, Order> }
}

type Keys = Record<CoinSort, Column<Float64Array>>

const all = ({ slots, size }: Order) => ({ slots, from: 0, to: size })

function whole({ slots, size }: Order, { offset, limit }: Window) {
  const start = Math.min(offset, size)
  return { rows: slots.subarray(start, Math.min(start + limit, size)), total: size }
}

/** How many of those flagged were observed at `sinceMs` or later. */
function countSince(sinceMs: number, flags: Uint8Array, observedAtMs: Float64Array): number {
  let count = 0
  for (let slot = 0; slot < flags.length; slot++) {
    if (flags[slot] === 1 && (observedAtMs[slot] as number) >= sinceMs) count++
  }
  return count
}

const descending = (value: number | null) => (value === null ? Number.POSITIVE_INFINITY : -value)

/** What each sort ascends by. */
const KEYS: Record<CoinSort, (quote: Quote) => number> = {
  marketCapRank: ({ marketCapRank }) => marketCapRank ?? Number.POSITIVE_INFINITY,
  marketCapUsd: ({ marketCapUsd }) => descending(marketCapUsd),
  volumeUsd24h: ({ volumeUsd24h }) => descending(volumeUsd24h),
  change24h: ({ changePct }) => descending(changePct['24h']),
  updated: ({ receivedAt }) => -Date.parse(receivedAt),
}
