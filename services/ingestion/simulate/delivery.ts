import type { Clock } from '@crypto-signals/clock'
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
