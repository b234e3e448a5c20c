import { COIN_SORTS, type Coin, type CoinSort, type Quote } from '@crypto-signals/contracts'
import { createColumn } from './column.ts'
import { createFreshness, type Freshness } from './freshness.ts'
import { createOrder, type Order } from './order.ts'
import { createRowBytes, type RowBytes } from './row-bytes.ts'
import type { Slots } from './slots.ts'

/** The latest observation of every coin, ready to be served. A coin's row is its slot. */
export interface CoinTable extends Pick<Freshness, 'hash' | 'newestReceiptMs'> {
  /** How many coins were observed. */
  readonly size: number
  readonly bytes: RowBytes
  has(slot: number): boolean
  /** Takes the quote if it is newer than the one held. False if it is not what a quote must be. */
  apply(quote: Quote): boolean
  /** Brings every order up to date; false if nothing changed. */
  refresh(): boolean
  page(sort: CoinSort, offset: number, limit: number): { rows: ArrayLike<number>; total: number }
}

export function createCoinTable(slots: Slots): CoinTable {
  const [bytes, freshness] = [createRowBytes(), createFreshness('quote', slots.ids)]
  const sorted = COIN_SORTS.map((sort) => {
    const keys = createColumn(Float64Array)
    return { sort, keys, order: createOrder(slots.ids, keys) }
  })
  const orderOf = Object.fromEntries(sorted.map(({ sort, order }) => [sort, order])) as Record<CoinSort, Order>

  return {
    get size() {
      return freshness.size
    },
    get hash() {
      return freshness.hash
    },
    newestReceiptMs: () => freshness.newestReceiptMs(),
    bytes,
    has: (slot) => freshness.has(slot),
    apply(quote) {
      const [observedAtMs, receivedAtMs] = [Date.parse(quote.observedAt), Date.parse(quote.receivedAt)]
      if (Number.isNaN(observedAtMs) || Number.isNaN(receivedAtMs)) return false
      const slot = slots.of(quote.coinId)
      if (!freshness.accept(slot, observedAtMs, receivedAtMs)) return true
      for (const { sort, keys } of sorted) keys.set(slot, KEYS[sort](quote))
      const { sparkline: _, ...shown } = quote
      bytes.set(slot, shown satisfies Omit<Coin, 'ageMs'>, observedAtMs)
      return true
    },
    refresh: () =>
      freshness.settle((changed) => {
        for (const { order } of sorted) order.update(changed)
      }),
    page(sort, offset, limit) {
      const { slots: ranked, size } = orderOf[sort]
      const start = Math.min(offset, size)
      return { rows: ranked.subarray(start, Math.min(start + limit, size)), total: size }
    },
  }
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
