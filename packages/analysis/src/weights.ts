/**
 * The weights of the known components, with the weights of the unknown ones shared out among them in proportion; an unknown one gets 0.
 * They have four decimals and sum to exactly 1, so that contributions rounded to hundredths never add up to more than 100.
 */
export function shareWeights(weights: readonly number[], known: readonly boolean[]): number[] {
  let total = 0
  let heaviest = 0
  for (const [i, weight] of weights.entries()) {
    if (known[i] !== true) continue
    total += weight
    if (known[heaviest] !== true || weight > (weights[heaviest] as number)) heaviest = i
  }
  const units = weights.map((weight, i) => (known[i] === true ? Math.floor((weight / total) * UNITS + 1e-6) : 0))
  const rest = UNITS - units.reduce((sum, unit) => sum + unit, 0)
  return units.map((unit, i) => (i === heaviest ? unit + rest : unit) / UNITS)
}

const UNITS = 10_000
