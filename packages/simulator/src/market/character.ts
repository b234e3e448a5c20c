import type { Coin, Motion } from './coin.ts'
import { SECTORS, sharedSigma } from './factors.ts'
import { type Draw, gaussian } from './hash.ts'
import { roundTo } from './rounding.ts'

/** How a coin trades: all about it but what it is called. */
export type Character = Omit<Coin, 'id' | 'symbol' | 'name' | 'seed'>

/** A coin of the long tail: its size drawn by the law of the real market, the rest fitting its size. */
export const inventedOf = (seed: number, draw: Draw): Character => {
  const cap = capOf(draw)
  const pegged = draw() < 0.01
  const basePriceUsd = pegged ? 1 : roundTo(10 ** clamp(-2 + 2.3 * gaussian(draw), -11, 4.5), 4)
  const state = stateOf(cap, draw)
  return {
    state,
    young: state === 'live' && draw() < 0.12,
    rehypothecated: false,
    motion: pegged ? pegOf(seed) : motionOf(seed, cap, state === 'dead' ? 0 : 1, draw),
    basePriceUsd,
    supply: draw() < 0.3 && cap < 1e7 ? 0 : roundTo(cap / basePriceUsd, 5),
    baseVolumeUsd: volumeOf(cap, draw),
  }
}

/** One of the large coins everybody knows. */
export const knownOf = (
  seed: number,
  { priceUsd, supply, pegged = false }: { priceUsd: number; supply: number; pegged?: boolean },
  draw: Draw,
): Character => ({
  state: 'live',
  young: false,
  rehypothecated: false,
  motion: pegged ? pegOf(seed) : motionOf(seed, priceUsd * supply, 1, draw),
  basePriceUsd: priceUsd,
  supply,
  baseVolumeUsd: priceUsd * supply * (pegged ? 0.4 : 0.04),
})

/** A wrapped, bridged or staked form of a coin: it has that coin's price, some with the rewards of staking on top. */
export const claimOn = (coin: Coin, draw: Draw): Character => {
  const cap = Math.min(capOf(draw), (coin.supply * coin.basePriceUsd) / 4)
  const basePriceUsd = coin.basePriceUsd * (draw() < 0.3 ? 1 + 0.3 * draw() : 1)
  return {
    ...coin,
    rehypothecated: true,
    basePriceUsd,
    supply: roundTo(cap / basePriceUsd, 5),
    baseVolumeUsd: volumeOf(cap, draw),
  }
}

// Of the large coins none is dead.
const stateOf = (cap: number, draw: Draw): Coin['state'] => {
  const u = draw()
  if (cap > 3e7) return 'live'
  if (u < 0.27) return 'dead'
  return u < 0.285 ? 'unpriced' : 'live'
}

/** Small coins move more; the market takes along all of them, a sector its own. */
const motionOf = (seed: number, cap: number, beta: number, draw: Draw): Motion => {
  const marketBeta = beta * clamp(1 + 0.25 * gaussian(draw), 0.3, 1.8)
  const sectorBeta = beta * (0.3 + 1.2 * draw())
  const sigma = (0.022 + 0.011 * clamp(12 - Math.log10(cap), 0, 9)) * Math.exp(0.3 * gaussian(draw))
  const own = Math.sqrt(Math.max(sigma ** 2 - sharedSigma({ marketBeta, sectorBeta }) ** 2, (sigma / 2) ** 2))
  return { seed, scales: 10, sigma: own, marketBeta, sector: Math.floor(draw() * SECTORS), sectorBeta }
}

const pegOf = (seed: number): Motion => ({
  seed,
  scales: 5,
  sigma: 0.002,
  marketBeta: 0,
  sector: 0,
  sectorBeta: 0,
})

/** Market cap by place among 17,200, both as decimal logarithms: a power law that breaks down in the tail. */
const CAP_LAW = [
  [1, 10.6],
  [2, 8.9],
  [3, 7.4],
  [3.7, 5.7],
  [4, 4.6],
  [4.2356, 3],
] as const

const capOf = (draw: Draw): number => {
  const place = Math.log10(10 + draw() * 17_190)
  const next = Math.max(
    1,
    CAP_LAW.findIndex(([to]) => place < to),
  )
  const [from, capFrom] = CAP_LAW[next - 1] ?? CAP_LAW[0]
  const [to, capTo] = CAP_LAW[next] ?? CAP_LAW[1]
  return 10 ** (capFrom + ((capTo - capFrom) * (place - from)) / (to - from))
}

const volumeOf = (cap: number, draw: Draw): number => cap * 0.025 * Math.exp(1.5 * gaussian(draw))

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value))
