import { DAY_MS } from './coin.ts'
import { noise } from './hash.ts'

/**
 * A random path at a time, in units of its typical move over 24 h: the sum of noises on scales from one minute to half a year,
 * each a straight line between random points. Any time costs the same and nothing is stored.
 */
export const pathAt = (seed: number, ms: number, scales = SCALES_MS.length): number => {
  // Without a shift of its own each path would have its corners at the same moments.
  const at = ms + (seed % 2 ** 28) * 64
  let sum = 0
  for (let scale = 0; scale < scales; scale++) {
    const position = at / (SCALES_MS[scale] as number)
    const cell = Math.floor(position)
    const key = seed + Math.imul(scale + 1, 0x85ebca6b)
    const from = noise(key ^ Math.imul(cell, 0xc2b2ae35))
    const to = noise(key ^ Math.imul(cell + 1, 0xc2b2ae35))
    sum += (AMPLITUDES[scale] as number) * (from + (to - from) * (position - cell))
  }
  return sum
}

const SCALES_MS = Array.from({ length: 10 }, (_, scale) => 60_000 * 4 ** scale)

// Mean square of the difference between two points of a unit noise that lie `distance` cells apart, over all positions in a cell.
const meanSquare = (distance: number): number => {
  const steps = 64
  let sum = 0
  for (let step = 0; step < steps; step++) {
    const from = (step + 0.5) / steps
    const to = (from + distance) % 1
    // Two cells apart the points share no corner any more, and further makes no difference.
    const corner = Math.min(2, Math.floor(from + distance))
    const weights = [1 - from, from, 0, 0]
    weights[corner] = (weights[corner] as number) - (1 - to)
    weights[corner + 1] = (weights[corner + 1] as number) - to
    sum += weights.reduce((total, weight) => total + weight * weight, 0)
  }
  return sum / steps
}

// As in Brownian motion up to a fortnight; beyond, the longer scales add no more than that, or prices would leave all bounds.
const variances = SCALES_MS.map((ms) => Math.min(ms, 14 * DAY_MS))
const daily = variances.reduce(
  (sum, variance, scale) => sum + variance * meanSquare(DAY_MS / (SCALES_MS[scale] as number)),
  0,
)
const AMPLITUDES = variances.map((variance) => Math.sqrt(variance / daily))
