import { instantOf } from '@crypto-signals/clock'
import { BAR_MS, type Bar } from '@crypto-signals/contracts'
import { memo } from './memo.ts'

/** The hourly bars that a sparkline tells, oldest first: its prices are an hour apart, the last one that of `observedAtMs`. Of an hour that is not over there is none. */
export function barsOfSparkline(sparkline: readonly number[], observedAtMs: number): Bar[] {
  const bars: Bar[] = []
  // Each price closes the hour whose end is nearest.
  const lastEnd = Math.round(observedAtMs / HOUR_MS)
  for (const [index, close] of sparkline.entries()) {
    const end = lastEnd - (sparkline.length - 1 - index)
    const open = sparkline[index - 1] || close
    if (close === 0 || end * HOUR_MS > observedAtMs) continue
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

// The same few hours come with every coin.
const instantOfHour = memo((hour: number) => instantOf(hour * HOUR_MS))
