import { DAY_MS, HOUR_MS, type Motion } from './coin.ts'
import { hash } from './hash.ts'
import { pathAt } from './path.ts'

/** The spans over which the change of a price is told, in milliseconds. */
export const SPANS_MS = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '14d': 14 * DAY_MS,
  '30d': 30 * DAY_MS,
  '200d': 200 * DAY_MS,
  '1y': 365 * DAY_MS,
} as const
export type Span = keyof typeof SPANS_MS

/** Coins that move together beyond the whole market. */
export const SECTORS = 12

const MARKET_SIGMA = 0.018
const SECTOR_SIGMA = 0.012

/** The part of a coin's daily move that is not its own. */
export const sharedSigma = ({ marketBeta, sectorBeta }: Pick<Motion, 'marketBeta' | 'sectorBeta'>): number =>
  Math.hypot(marketBeta * MARKET_SIGMA, sectorBeta * SECTOR_SIGMA)

/** What the market and the sectors add to the logarithm of every price, remembered for each moment that is asked for. */
export const factorsOf = (seed: number) => {
  const known = new Map<number, Float64Array>()
  const compute = (ms: number): Float64Array => {
    // All coins ask for the same 180 moments around now; what is beyond some of those sets is of the past.
    if (known.size > 2_000) known.clear()
    const values = new Float64Array(SECTORS + 1)
    values[SECTORS] = MARKET_SIGMA * pathAt(hash(seed, 0), ms)
    for (let sector = 0; sector < SECTORS; sector++) values[sector] = SECTOR_SIGMA * pathAt(hash(seed, sector + 1), ms)
    known.set(ms, values)
    return values
  }
  return ({ marketBeta, sector, sectorBeta }: Motion, ms: number): number => {
    if (marketBeta === 0) return 0
    const values = known.get(ms) ?? compute(ms)
    return marketBeta * (values[SECTORS] as number) + sectorBeta * (values[sector] as number)
  }
}
