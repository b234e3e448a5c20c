import { isFlat } from './flat.ts'
import { meanOf } from './moving-average.ts'

export interface Bollinger {
  lower: number
  middle: number
  upper: number
  /** Where the last value lies: 0 on the lower band, 1 on the upper one, 0.5 in the middle and when nothing moved. */
  percentB: number
}

/** Bollinger bands of the last value: mean ± `width` population standard deviations (Bollinger, 2001); null with fewer than `period` values. */
export function bollinger(values: readonly number[], period = 20, width = 2): Bollinger | null {
  if (values.length < period) return null
  const start = values.length - period
  const middle = meanOf(values, start, values.length)
  let squares = 0
  for (let i = start; i < values.length; i++) squares += ((values[i] as number) - middle) ** 2
  const deviation = Math.sqrt(squares / period)
  const [lower, upper] = [middle - width * deviation, middle + width * deviation]
  const flat = isFlat(deviation, middle)
  const percentB = flat ? 0.5 : ((values.at(-1) as number) - lower) / (upper - lower)
  return { lower, middle, upper, percentB }
}
