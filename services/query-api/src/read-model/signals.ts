import { primaryOf, RATING_LIMITS, type ScoredCoin, TIMEFRAMES, type Timeframe } from '@crypto-signals/contracts'
import { createColumn } from './column.ts'
import { createHeld, type Held } from './held.ts'
import type { MarketRows } from './market-rows.ts'
import { createOrder } from './order.ts'
import { createRowBytes, type RowBytes } from './row-bytes.ts'
import { createSearch, type Search } from './search.ts'
import type { Slots } from './slots.ts'
import { createView, rowsWhere, type View } from './view.ts'

/** The latest signals of every coin, ready to be served. */
export interface SignalTable extends Pick<Held, 'hash' | 'newestReceiptMs' | 'observedAtMs'> {
  /** How many coins have signals. */
  readonly size: number
  readonly bytes: RowBytes
  has(slot: number): boolean
  /** Takes the signals if they are newer than those held. False if they are not what a scored coin must be. */
  apply(coin: ScoredCoin): boolean
  /** Brings every order up to date; false if nothing changed. Until then new signals are held but not listed. */
  refresh(): boolean
  /** One horizon's signals, or each coin's primary one. */
  view(timeframe?: Timeframe): View
  /** The row of a coin's signal on the how-manieth horizon. */
  rowOf(slot: number, horizon: number): number
  /** Among the primary signals. */
  readonly search: Pick<Search, 'rows'>
  /** Rows of the primary signals that are strong either way, the furthest from the middle first. */
  strong(limit: number): number[]
}

/** What it takes goes to `rows` too. */
export function createSignalTable(slots: Slots, rows: Pick<MarketRows, 'setSignals'>): SignalTable {
  const [bytes, held] = [createRowBytes(), createHeld('signals', slots.ids)]
  const [horizons, primary] = [TIMEFRAMES.map(() => createView(slots.ids)), createView(slots.ids)]
  const search = createSearch(primary)
  const strength = createColumn(Float64Array)
  const byStrength = createOrder(slots.ids, strength)

  const take = (slot: number, coin: ScoredCoin) => {
    const { signals } = coin
    for (const [i, signal] of signals.entries()) {
      bytes.set(rowOf(slot, i), signal, Date.parse(signal.observedAt))
      horizons[i]?.set(slot, signal, rowOf(slot, i))
    }
    const best = primaryOf(signals)
    primary.set(slot, best, rowOf(slot, signals.indexOf(best)))
    strength.set(slot, -Math.abs(best.finalScore - MIDDLE))
    search.set(slot, best)
    rows.setSignals(slot, coin)
  }
  return {
    get size() {
      return held.size
    },
    get hash() {
      return held.hash
    },
    newestReceiptMs: () => held.newestReceiptMs(),
    observedAtMs: held.observedAtMs,
    bytes,
    has: (slot) => held.has(slot),
    apply(coin) {
      if (!isWhole(coin)) return false
      const [first] = coin.signals
      const slot = slots.of(coin.coinId)
      if (held.accept(slot, Date.parse(first.observedAt), Date.parse(first.updatedAt))) take(slot, coin)
      return true
    },
    refresh: () =>
      held.settle((changed) => {
        for (const view of [...horizons, primary]) view.refresh(changed)
        byStrength.update(changed)
      }),
    view: (timeframe) => (timeframe && horizons[TIMEFRAMES.indexOf(timeframe)]) ?? primary,
    rowOf,
    search,
    strong(limit) {
      const ranked = { slots: byStrength.slots, from: 0, to: Math.min(limit, byStrength.size) }
      return rowsWhere(primary, ranked, limit, (slot) => isStrong(-(primary.scoreKeys[slot] as number)))
    },
  }
}

const MIDDLE = 50

const rowOf = (slot: number, horizon: number) => slot * TIMEFRAMES.length + horizon

const isStrong = (score: number) => score >= RATING_LIMITS.strongBuy || score <= RATING_LIMITS.strongSell

type Whole = ScoredCoin & { signals: [ScoredCoin['signals'][number]] }

// What the schema cannot say: the four horizons in their order, all of this coin, at instants that exist.
const isWhole = (coin: ScoredCoin): coin is Whole =>
  coin.signals.every(
    ({ coinId, timeframe, observedAt, updatedAt }, i) =>
      coinId === coin.coinId && timeframe === TIMEFRAMES[i] && isInstant(observedAt) && isInstant(updatedAt),
  )

const isInstant = (text: string) => !Number.isNaN(Date.parse(text))
