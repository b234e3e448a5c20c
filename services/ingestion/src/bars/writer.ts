import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@crypto-signals/clock'
import { BAR_INTERVALS, type BarInterval } from '@crypto-signals/contracts'
import type { BarStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Outbox } from './outbox.ts'
import type { Series } from './series.ts'
import type { Slots } from './slots.ts'
import type { SeriesByInterval } from './spans.ts'

interface WriterOptions {
  bars: BarStore
  series: SeriesByInterval
  slots: Slots
  clock: Clock
  log: Logger
}

/** Writes what has changed, a few coins at a time, one call after the other. */
export function createWriter({ bars, series, slots, clock, log }: WriterOptions) {
  const writtenAt: Record<BarInterval, number> = { '5m': 0, '1h': 0, '1d': 0 }
  let written = Promise.resolve()
  let isHurried = () => false

  async function write({ outbox }: Series, withLive: boolean): Promise<void> {
    const changed = outbox.changed(withLive)
    for (let start = 0; start < changed.length && !isHurried(); start += BATCH_COINS) {
      await save(outbox, changed.slice(start, start + BATCH_COINS))
      await setImmediate()
    }
  }

  async function save(outbox: Outbox, some: readonly number[]): Promise<void> {
    const batch = some.map((slot) => outbox.take(slot, slots.coinAt(slot)))
    try {
      await bars.save(batch)
    } catch (error) {
      for (const { coinId, series: unwritten } of batch) outbox.giveBack(slots.of(coinId), unwritten)
      throw error
    }
  }

  async function writeWhere(isDue: (interval: BarInterval, nowMs: number) => boolean): Promise<void> {
    const nowMs = clock.now()
    try {
      for (const interval of BAR_INTERVALS) {
        const withLive = isDue(interval, nowMs)
        await write(series[interval], withLive)
        if (withLive) writtenAt[interval] = nowMs
      }
    } catch (error) {
      log.warn({ err: error }, 'bars could not be written: they are kept for the next time')
    }
  }
  const isTurn = (interval: BarInterval, nowMs: number) => {
    const sinceMs = nowMs - writtenAt[interval]
    return sinceMs < 0 || sinceMs >= WRITE_EVERY_MS[interval]
  }
  const flushWhere = (isDue: (interval: BarInterval, nowMs: number) => boolean) => {
    written = written.then(() => writeWhere(isDue))
    return written
  }
  return {
    flush: () => flushWhere(isTurn),
    flushAll: (signal?: AbortSignal) => {
      isHurried = () => signal?.aborted ?? false
      return flushWhere(() => true)
    },
  }
}

// How often bars that may still change are written. A record is rewritten as a whole: were that of the days written with every price,
// it would be most of all that is written. What it lacks after a crash, shorter bars tell,
// of which at most the last five minutes are lost.
const WRITE_EVERY_MS: Readonly<Record<BarInterval, number>> = { '5m': 300_000, '1h': 900_000, '1d': 3_600_000 }

// SQLite writes them in a few milliseconds, and for that long nothing else is done.
const BATCH_COINS = 25
