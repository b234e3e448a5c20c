import type { Observation } from '../src/observation.ts'

/** An observation that says nothing, unless told otherwise. */
export const observationOf = (said: Partial<Observation> = {}): Observation => ({
  key: 'key',
  symbol: null,
  name: null,
  image: null,
  currency: 'USD',
  price: null,
  volume24h: null,
  high24h: null,
  low24h: null,
  marketCapUsd: null,
  marketCapRank: null,
  circulatingSupply: null,
  changePct: null,
  sparkline: null,
  observedAtMs: 0,
  ...said,
})
