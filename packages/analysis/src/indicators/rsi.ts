import { isFlat } from './flat.ts'

/**
 * Relative strength index, 0 to 100, of the last value; 50 when nothing moved, null with fewer than `period` + 1 values.
 * Wilder, "New Concepts in Technical Trading Systems" (1978): smoothed by 1/period, seeded with the plain mean.
 */
export function rsi(values: readonly number[], period = 14): number | null {
  if (values.length <= period) return null
  let gain = 0
  let loss = 0
  for (let i = 1; i < values.length; i++) {
    const change = (values[i] as number) - (values[i - 1] as number)
    // While the seed is gathered nothing fades: the first `period` changes count alike.
    const kept = i <= period ? 1 : (period - 1) / period
    gain = gain * kept + Math.max(change, 0) / period
    loss = loss * kept + Math.max(-change, 0) / period
  }
  if (isFlat(gain + loss, values.at(-1) as number)) return 50
  return (100 * gain) / (gain + loss)
}
