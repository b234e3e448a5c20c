/**
 * Whether a difference of prices is no more than rounding at the given price level. Thousands of coins do not trade and are
 * dead flat: without this the last bits of a sum would vote on them.
 */
export const isFlat = (difference: number, level: number): boolean =>
  Math.abs(difference) <= RELATIVE_EPSILON * Math.abs(level)

const RELATIVE_EPSILON = 1e-9
