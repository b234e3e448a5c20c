import { BAR_MS, BARS_KEPT, type BarInterval } from '@crypto-signals/contracts'
import type { BarSeries } from '@crypto-signals/store'
import { type BarRow, barOf, type LiveBar, recalled, type Tick, takeBar, takeTick } from './live-bars.ts'
import { createLiveTable, type LiveTable } from './live-table.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createRings, type Rings } from './rings.ts'
import { rowAt } from './rows.ts'

/** The bars of one length of all coins. */
export interface Series extends Pick<Rings, 'high' | 'low' | 'known'> {
  readonly interval: BarInterval
  readonly outbox: Outbox
  /** The close of the bar of a number since the epoch, 0 if there is none. */
  closeOf(slot: number, unit: number): number
  tick(slot: number, tick: Tick, nowMs: number): void
  /** Puts past bars in where there are none. */
  fill(slot: number, rows: readonly BarRow[], nowMs: number): void
  /** Takes stored bars over. */
  load(slot: number, stored: BarSeries, nowMs: number): void
  /** Brings the bars that may still change up to what a bar of a shorter length says. */
  absorb(slot: number, shorter: BarInterval, row: BarRow, nowMs: number): void
}

export function createSeries(interval: BarInterval): Series {
  const [lengthMs, kept] = [BAR_MS[interval], BARS_KEPT[interval]]
  // Two more than are stored: at exactly a day ago the bar that had ended by then is still there.
  const rings = createRings(kept + 2, { withRange: interval === '5m' })
  const live = createLiveTable(LIVE_BARS[interval])
  const outbox = createOutbox(interval, live)
  const amend = amending(rings, live, outbox)
  const isKept = (unit: number, nowMs: number) => {
    const now = Math.floor(nowMs / lengthMs)
    return unit <= now && unit > now - kept
  }
  return {
    interval,
    outbox,
    high: rings.high,
    low: rings.low,
    known: rings.known,
    closeOf: (slot, unit) => Math.abs(rings.close(slot, unit)),
    tick(slot, tick, nowMs) {
      const unit = Math.floor(tick.atMs / lengthMs)
      if (tick.atMs > nowMs || !isKept(unit, nowMs)) return
      amend(slot, unit, { begin: () => barOf(unit, tick), take: (bar) => takeTick(bar, tick) })
    },
    fill(slot, rows, nowMs) {
      const missing = rows.filter(
        ({ unit }) => (unit + 1) * lengthMs <= nowMs && isKept(unit, nowMs) && rings.close(slot, unit) === 0,
      )
      for (const row of missing) rings.set(slot, row.unit, { ...row, close: -row.close })
      outbox.add(slot, missing)
    },
    load(slot, stored, nowMs) {
      const own = loadInto(rings, slot, stored, (openedAtMs) => {
        const unit = openedAtMs / lengthMs
        return isKept(unit, nowMs) ? unit : null
      })
      for (const index of own.slice(-LIVE_BARS[interval])) live.set(slot, recalled(rowAt(stored, index, lengthMs)))
    },
    absorb(slot, shorter, row, nowMs) {
      const openedAtMs = row.unit * BAR_MS[shorter]
      const unit = Math.floor(openedAtMs / lengthMs)
      if (!isKept(unit, nowMs)) return
      const begin = () => ({ ...recalled(row), unit, volumeUsd: Number.NaN, lastAtMs: openedAtMs, changed: true })
      amend(slot, unit, { begin, take: (bar) => takeBar(bar, row, openedAtMs) })
    },
  }
}

// How many of the newest bars of a coin late prices may still change: twenty minutes, two hours, two days.
const LIVE_BARS: Readonly<Record<BarInterval, number>> = { '5m': 4, '1h': 2, '1d': 2 }

interface Amendment {
  begin: () => LiveBar
  take: (bar: LiveBar) => void
}

/** Changes the bar of a number, or begins it, unless it can change no more. */
function amending(rings: Rings, live: LiveTable, outbox: Outbox) {
  const put = (slot: number, bar: LiveBar) => {
    live.set(slot, bar)
    rings.set(slot, bar.unit, bar)
  }
  return (slot: number, unit: number, { begin, take }: Amendment) => {
    const held = live.get(slot, unit)
    if (held?.unit === unit) {
      take(held)
      return put(slot, held)
    }
    // A later one has its place, or nobody remembers how it came to be.
    if ((held !== undefined && held.unit > unit) || rings.close(slot, unit) > 0) return
    if (held?.changed) outbox.add(slot, [held])
    put(slot, begin())
  }
}

/** Puts stored bars in; tells which of them were built from quotes. `unitOf`: null of one that is not kept. */
function loadInto(rings: Rings, slot: number, stored: BarSeries, unitOf: (openedAtMs: number) => number | null) {
  const { openedAtMs, high, low, close, filled } = stored
  const own: number[] = []
  for (let index = 0; index < openedAtMs.length; index++) {
    const unit = unitOf(openedAtMs[index] as number)
    if (unit === null) continue
    const isFilled = filled[index] === 1
    const prices = { high: high[index] as number, low: low[index] as number, close: close[index] as number }
    rings.set(slot, unit, isFilled ? { ...prices, close: -prices.close } : prices)
    if (!isFilled) own.push(index)
  }
  return own
}
