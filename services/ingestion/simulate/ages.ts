import type { ModelWorld } from './model-world.ts'

/** How old what is known of every coin is. */
export interface Ages {
  /** A source told the price as it was at a moment. */
  priced(index: number, observedAtMs: number): void
  /** A source told all fields. */
  toldAll(index: number, observedAtMs: number): void
  /** While the stream is there, what trades on it is as old as its last trade. */
  streaming(connected: boolean): void
  /** When the price in use was so; 0 before the first. */
  pricedAt(index: number, now: number): number
  /** Keeps the ages of all coins as they are now. */
  sample(now: number): void
  readonly samples: { price: Float32Array[]; all: Float32Array[] }
}

export const createAges = ({ coins, tradeEveryMs }: ModelWorld, random: () => number): Ages => {
  const price = new Float64Array(coins.length)
  const all = new Float64Array(coins.length)
  const samples: Ages['samples'] = { price: [], all: [] }
  let connected = false
  const pricedAt = (index: number, now: number) => {
    const everyMs = connected ? (tradeEveryMs[index] ?? 0) : 0
    const at = price[index] ?? 0
    return everyMs === 0 ? at : Math.max(at, now - everyMs / 2)
  }
  return {
    samples,
    pricedAt,
    priced(index, observedAtMs) {
      if (observedAtMs > (price[index] ?? 0)) price[index] = observedAtMs
    },
    toldAll(index, observedAtMs) {
      if (observedAtMs > (all[index] ?? 0)) all[index] = observedAtMs
    },
    streaming(state) {
      connected = state
    },
    sample(now) {
      const live = connected
      samples.price.push(
        Float32Array.from(price, (at, index) => {
          const everyMs = live ? (tradeEveryMs[index] ?? 0) : 0
          // At a random moment between two trades.
          return now - (everyMs === 0 ? at : Math.max(at, now - everyMs * random()))
        }),
      )
      samples.all.push(Float32Array.from(all, (at) => now - at))
    },
  }
}
