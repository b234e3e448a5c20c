/** Turns seed and key into 32 well-mixed bits: the only source of chance in the market, so that it can be asked in any order. */
export const hash = (seed: number, key: number): number => mix(seed ^ Math.imul(key + 1, 0x9e3779b1))

/** `hash` as a number in [0, 1). */
export const chance = (seed: number, key: number): number => hash(seed, key) / 2 ** 32

/** A seed that follows from another and a word. */
export const seedOf = (seed: number, word: string): number =>
  Buffer.from(word).reduce((sum, byte) => hash(sum, byte), seed)

/** A heavy-tailed number of mean 0 and variance 1, at most 3.9 away from 0. */
export const noise = (bits: number): number => {
  const u = mix(bits) / 2 ** 31 - 1
  // u is uniform in [-1, 1): the pole just outside makes the tails, the factor is 1 / sqrt(mean of the square).
  return (0.38561 * u) / (1.1 - Math.abs(u))
}

/** Numbers in [0, 1), one after another, all from one seed. */
export const drawsOf = (seed: number): Draw => {
  let count = 0
  return () => chance(seed, count++)
}

export type Draw = () => number

/** A normally distributed number of mean 0 and variance 1 (Box and Muller). */
export const gaussian = (draw: Draw): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())

/** One of the list. */
export const pick = <T>(list: readonly T[], draw: Draw): T => list[Math.floor(draw() * list.length)] as T

// The finaliser "lowbias32" of Chris Wellons' hash prospector.
const mix = (bits: number): number => {
  let x = bits
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
