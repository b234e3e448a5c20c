/** Rounds values about as large as `like` to so many significant decimal digits of it, the way prices are shown. */
export const rounderOf = (like: number, digits: number) => {
  const exponent = like > 0 ? digits - 1 - Math.floor(Math.log10(like)) : 0
  // Whole numbers are never rounded further; and the quotient by a power of ten prints as the short decimal.
  const scale = 10 ** Math.max(0, exponent)
  return (value: number): number => Math.round(value * scale) / scale
}

/** Rounded to so many significant decimal digits. */
export const roundTo = (value: number, digits: number): number => rounderOf(value, digits)(value)

/** Rounded to so many decimals. */
export const decimals = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places
