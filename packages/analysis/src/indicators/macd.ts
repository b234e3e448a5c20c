import { meanOf, smoothingOf } from './moving-average.ts'

export interface Macd {
  /** Fast average minus slow average, in units of the price. */
  macd: number
  signal: number
  histogram: number
}

/** How many values the first complete reading needs. */
export const MACD_POINTS = 34

/**
 * Moving average convergence divergence (12, 26, 9) of the last value (Appel, 1979); every average is seeded with the plain
 * mean of its first values. Null with fewer than 34 values.
 */
export function macd(values: readonly number[]): Macd | null {
  if (values.length < MACD_POINTS) return null
  let fast = meanOf(values, 0, FAST)
  for (let i = FAST; i < SLOW; i++) fast += FAST_SHARE * ((values[i] as number) - fast)
  let slow = meanOf(values, 0, SLOW)
  let line = fast - slow
  let signal = line / SIGNAL
  for (let i = SLOW; i < values.length; i++) {
    const value = values[i] as number
    fast += FAST_SHARE * (value - fast)
    slow += SLOW_SHARE * (value - slow)
    line = fast - slow
    signal = i < SLOW + SIGNAL - 1 ? signal + line / SIGNAL : signal + SIGNAL_SHARE * (line - signal)
  }
  return { macd: line, signal, histogram: line - signal }
}

const FAST = 12
const SLOW = 26
const SIGNAL = 9
const FAST_SHARE = smoothingOf(FAST)
const SLOW_SHARE = smoothingOf(SLOW)
const SIGNAL_SHARE = smoothingOf(SIGNAL)
