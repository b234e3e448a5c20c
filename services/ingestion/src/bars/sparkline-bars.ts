import { instantOf } from '@crypto-signals/clock'
import { BAR_MS, type Bar } from '@crypto-signals/contracts'
import { memo } from './memo.ts'

/** The hourly bars that a sparkline tells, oldest first: its prices are those at whole hours, the last one at the last that was over by `observedAtMs`. None where that may have been the one that was just ending. */
export function barsOfSparkline(sparkline: readonly number[], observedAtMs: number): Bar[] {
  const bars: Bar[] = []
  if (HOUR_MS - (observedAtMs % HOUR_MS) < LATEST_MS) return bars
  const lastEnd = Math.floor(observedAtMs / HOUR_MS)
  for (const [index, close] of sparkline.entries()) {
    const end = lastEnd - (sparkline.length - 1 - index)
    const open = sparkline[index - 1] || close
    if (close === 0) continue
    bars.push({
      openedAt: instantOfHour(end - 1),
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volumeUsd: null,
      filled: true,
    })
  }
  return bars
}

const HOUR_MS = BAR_MS['1h']

// Prices are told to be some minutes old where the sparkline beside them is of now.
const LATEST_MS = 3 * 60_000

// The same few hours come with every coin.
const instantOfHour = memo((hour: number) => instantOf(hour * HOUR_MS))
