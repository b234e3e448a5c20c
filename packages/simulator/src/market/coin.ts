/** One simulated coin: what never changes about it. */
export interface Coin {
  readonly id: string
  readonly symbol: string
  readonly name: string
  /** Everything about the coin that is cheap to draw again comes from this. */
  readonly seed: number
  /** Dead: nobody trades it any more and the last price stands. Unpriced: listed, and never had a price. */
  readonly state: 'live' | 'dead' | 'unpriced'
  /** Listed less than a year ago. */
  readonly young: boolean
  /** A claim on another coin (wrapped, bridged, staked), left out of the ranks by default. */
  readonly rehypothecated: boolean
  readonly motion: Motion
  readonly basePriceUsd: number
  /** In circulation; 0 where it is unknown, and then there is no market cap and no rank. */
  readonly supply: number
  /** Over 24 h on an ordinary day. */
  readonly baseVolumeUsd: number
}

/** How the logarithm of a price moves; a claim on another coin has that coin's. */
export interface Motion {
  readonly seed: number
  /** The number of scales of the coin's own path; a peg has no long ones. */
  readonly scales: number
  /** The typical move over 24 h that is the coin's own. */
  readonly sigma: number
  /** 0: the coin follows nobody. */
  readonly marketBeta: number
  readonly sector: number
  readonly sectorBeta: number
}

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Since when there are prices of the coin; null where longer than anyone asks. A year later a young coin is young again, so that some always are. */
export const listedAtMs = (coin: Coin, now: number): number | null =>
  coin.young ? latestOf(coin.seed, 365 * DAY_MS, now) : null

/** When the last price of a coin was seen: up to half a minute ago, or for a dead one weeks to months. */
export const lastUpdatedMs = (coin: Coin, now: number): number =>
  coin.state === 'dead'
    ? latestOf(coin.seed, (20 + (coin.seed % 180)) * DAY_MS, now - 14 * DAY_MS)
    : now - (coin.seed % 30_000)

// The latest moment not after `now` of those that recur every `periodMs`, each coin at its own.
const latestOf = (seed: number, periodMs: number, now: number): number => {
  const shift = (seed * 8) % periodMs
  return Math.floor((now + shift) / periodMs) * periodMs - shift
}
