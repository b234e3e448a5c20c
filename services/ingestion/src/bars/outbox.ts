import { BAR_MS, BARS_KEPT, type BarInterval } from '@crypto-signals/contracts'
import type { BarSeries, CoinBars } from '@crypto-signals/store'
import type { BarRow } from './live-bars.ts'
import type { LiveTable } from './live-table.ts'
import { columnsOf, rowAt } from './rows.ts'
import { createWaiting } from './waiting.ts'

/** What of the bars of one length is to be written. */
export interface Outbox {
  /** Bars that are not live, or are so no more. */
  add(slot: number, rows: Iterable<BarRow>): void
  /** The slots of which something is to be written; without those of which only live bars are. */
  changed(withLive: boolean): number[]
  /** What is to be written of a slot, which then counts as written. */
  take(slot: number, coinId: string): CoinBars
  /** What could not be written. */
  giveBack(slot: number, unwritten: BarSeries): void
}

export function createOutbox(interval: BarInterval, live: LiveTable): Outbox {
  const lengthMs = BAR_MS[interval]
  const waiting = createWaiting(BARS_KEPT[interval])
  return {
    add: (slot, rows) => waiting.add(slot, rows),
    changed: (withLive) => [...new Set([...waiting.slots(), ...(withLive ? live.changed() : [])])],
    take(slot, coinId) {
      const rows = waiting.of(slot)
      for (const bar of live.takeChanged(slot)) rows.set(bar.unit, bar)
      waiting.remove(slot)
      return { coinId, interval, series: columnsOf([...rows.values()], lengthMs) }
    },
    giveBack(slot, unwritten) {
      const newer = waiting.of(slot)
      const rows = Array.from(unwritten.openedAtMs, (_, index) => rowAt(unwritten, index, lengthMs))
      waiting.add(slot, [...rows, ...newer.values()])
    },
  }
}
