import type { Clock } from '@crypto-signals/clock'
import type { Demand } from '../src/demand.ts'
import type { CallTarget } from '../src/source.ts'
import type { Ages } from './ages.ts'
import { ASSUMPTIONS } from './assumptions.ts'
import type { ModelWorld } from './model-world.ts'

interface DeliveryOptions {
  clock: Clock
  world: ModelWorld
  ages: Ages
}

/** Makes the coins that an answer is of as young as the source knows them. */
export const createDelivery = (name: string, { clock, world, ages }: DeliveryOptions) => {
  const known = world.knownTo(name)
  const all = Int32Array.from(known.keys()).filter((index) => known[index] === 1)
  const tellsAll = name === 'coingecko'
  const pages = tellsAll ? Int32Array.from(world.bySize) : world.pagesOf(name)
  const refreshMs = ASSUMPTIONS[name]?.refreshMs ?? 1
  const positionsOf = (target: CallTarget): Iterable<number> => {
    if ('all' in target) return all
    if ('page' in target) return pages.subarray((target.page - 1) * target.size, target.page * target.size)
    return target.coinIds.map((coinId) => world.indexOf(coinId))
  }
  return (target: CallTarget): void => {
    const now = clock.now()
    for (const index of positionsOf(target)) {
      if (known[index] !== 1) continue
      // Each coin is looked at anew at its own moments.
      const shiftMs = (index * 7_919) % refreshMs
      const observedAtMs = Math.floor((now - shiftMs) / refreshMs) * refreshMs + shiftMs
      ages.priced(index, observedAtMs)
      if (tellsAll) ages.toldAll(index, observedAtMs)
    }
  }
}

const BARREN_MS = 6 * 3_600_000

/** Coins that were asked about in vain are let alone for six hours, as the real source remembers from the answers that are not given here. */
export const createRests = (source: string, { clock, world }: Omit<DeliveryOptions, 'ages'>) => {
  const known = world.knownTo(source)
  const untilMs = new Float64Array(world.coins.length)
  const positionsOf = createPositions(world)
  return {
    asked(target: CallTarget): void {
      if (!('coinIds' in target)) return
      for (const index of target.coinIds.map((coinId) => world.indexOf(coinId)))
        if (known[index] !== 1) untilMs[index] = clock.now() + BARREN_MS
    },
    awake(demand: Demand): Demand {
      const now = clock.now()
      const isAwake = (coinIds: readonly string[]) => {
        const at = positionsOf(coinIds)
        return coinIds.filter((_, place) => (untilMs[at[place] ?? -1] ?? 0) <= now)
      }
      return { ...demand, ids: () => isAwake(demand.ids()), tokens: () => isAwake(demand.tokens()) }
    },
  }
}

// The same lists come again each minute.
const createPositions = (world: ModelWorld) => {
  const known = new WeakMap<readonly string[], Int32Array>()
  return (coinIds: readonly string[]): Int32Array => {
    const at = known.get(coinIds) ?? Int32Array.from(coinIds, (coinId) => world.indexOf(coinId))
    known.set(coinIds, at)
    return at
  }
}
