import type { ModelWorld } from './model-world.ts'
import type { Outcome } from './run.ts'
import type { Target } from './scenarios.ts'

/** Ages in ms. */
export interface AgeRow {
  of: Target['of']
  coins: number
  median: number
  p90: number
  p99: number
  /** The greatest of all coins' own medians. */
  worstCoin: number
  /** The share of coins whose own median is within the target; null where there is none. */
  within: number | null
  target: Target | null
}

/** Ages at random moments: of listed coins, of every priced coin, and of all fields. */
export const ageRowsOf = ({ ages, scenario }: Outcome, world: ModelWorld): AgeRow[] => {
  const rowOf = (of: Target['of'], samples: readonly Float32Array[], among: Uint8Array): AgeRow => {
    const target = scenario.targets.find((one) => one.of === of) ?? null
    const indexes = [...among.keys()].filter((index) => among[index] === 1)
    const all = new Float32Array(indexes.length * samples.length)
    const own = new Float32Array(samples.length)
    const medians = indexes.map((index, place) => {
      for (const [at, sample] of samples.entries()) own[at] = sample[index] ?? 0
      all.set(own, place * samples.length)
      return quantile(own.sort(), 0.5)
    })
    all.sort()
    return {
      of,
      coins: indexes.length,
      median: quantile(all, 0.5),
      p90: quantile(all, 0.9),
      p99: quantile(all, 0.99),
      worstCoin: medians.reduce((worst, median) => Math.max(worst, median), 0),
      within: target && medians.filter((median) => median <= target.atMostMs).length / medians.length,
      target,
    }
  }
  return [
    rowOf('listed', ages.price, world.traded),
    rowOf('priced', ages.price, world.priced),
    rowOf('all fields', ages.all, world.priced),
  ]
}

const quantile = (sorted: Float32Array, at: number): number => sorted[Math.floor((sorted.length - 1) * at)] ?? 0

/** Whether the median is within its target; true where there is none. */
export const isMet = ({ median, target }: AgeRow): boolean => target === null || median <= target.atMostMs

/** How many calls broke a limit. */
export const violationsOf = ({ usage }: Outcome): number =>
  Object.values(usage)
    .flatMap(({ violations }) => Object.values(violations))
    .reduce((sum, count) => sum + count, 0)
