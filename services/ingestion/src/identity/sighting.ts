import type { Observation } from '../observation.ts'

/** An observation that is known to be of a coin of ours, in dollars per coin: multipliers taken out, currencies converted. */
export interface Sighting extends Omit<Observation, 'currency' | 'price' | 'volume24h' | 'high24h' | 'low24h'> {
  coinId: string
  priceUsd: number | null
  volumeUsd24h: number | null
  high24hUsd: number | null
  low24hUsd: number | null
}
