/** A positive number to seven significant digits, as many as a 32-bit float holds. */
export function sevenDigits(value: number): number {
  const scale = 6 - Math.floor(Math.log10(value))
  // Only these powers of ten are exact, and `toPrecision` takes ten times as long.
  if (scale < 0 || scale > 22) return Number(value.toPrecision(7))
  const power = POWERS[scale] as number
  return Math.round(value * power) / power
}

const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)
