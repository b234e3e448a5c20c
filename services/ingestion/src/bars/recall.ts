import type { Clock } from '@crypto-signals/clock'
import { BAR_INTERVALS, BAR_MS } from '@crypto-signals/contracts'
import type { BarSeries, BarStore } from '@crypto-signals/store'
import { rowAt } from './rows.ts'
import type { Slots } from './slots.ts'
import type { SeriesByInterval } from './spans.ts'

interface Memory {
  slots: Slots
  series: SeriesByInterval
  clock: Clock
}

/** Takes over what the store holds. Hours and days are written less often: of those that go on, minutes tell what is missing. */
export async function recallBars(
  bars: BarStore,
  { slots, series, clock }: Memory,
  signal?: AbortSignal,
): Promise<void> {
  for (const interval of LONGEST_FIRST) {
    for await (const batch of bars.all(interval, BATCH_COINS)) {
      signal?.throwIfAborted()
      const nowMs = clock.now()
      for (const { coinId, series: stored } of batch) {
        const slot = slots.of(coinId)
        series[interval].load(slot, stored, nowMs)
        if (interval !== '5m') continue
        for (const row of newestOwn(stored)) {
          for (const longer of ['1h', '1d'] as const) series[longer].absorb(slot, interval, row, nowMs)
        }
      }
    }
  }
}

const LONGEST_FIRST = BAR_INTERVALS.toReversed()

// A few megabytes.
const BATCH_COINS = 200

const ABSORBED = 24

/** Those from quotes of the last two hours that there are: what came before is in the hours and days, which are written each hour at least. */
function* newestOwn(stored: BarSeries) {
  const { openedAtMs, filled } = stored
  const fromMs = (openedAtMs.at(-1) ?? 0) - ABSORBED * BAR_MS['5m']
  for (let index = Math.max(0, openedAtMs.length - ABSORBED - 1); index < openedAtMs.length; index++) {
    if (filled[index] === 0 && (openedAtMs[index] as number) >= fromMs) yield rowAt(stored, index, BAR_MS['5m'])
  }
}
