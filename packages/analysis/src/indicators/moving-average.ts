/** Simple moving average of the last `period` values; null when there are fewer. */
export function sma(values: readonly number[], period: number): number | null {
  if (values.length < period) return null
  return meanOf(values, values.length - period, values.length)
}

/** Mean of `values` from `start` up to but not including `end`. */
export function meanOf(values: readonly number[], start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += values[i] as number
  return sum / (end - start)
}

/** Share of the newest value in an exponential moving average of `period`. */
export const smoothingOf = (period: number): number => 2 / (period + 1)
