/** A number as text, without an exponent, to so many significant digits. */
export const text = (value: number, digits = 8): string => {
  const short = Number(value.toPrecision(digits))
  const plain = String(short)
  if (!plain.includes('e')) return plain
  return short >= 1 ? short.toFixed(0) : short.toFixed(Math.min(100, digits - Math.floor(Math.log10(short))))
}

/** RFC 3339 without milliseconds. */
export const secondsInstant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

export const unixSeconds = (ms: number): number => Math.floor(ms / 1_000)
