import * as fc from 'fast-check'

const observation = fc.record({ coin: fc.nat(3), observed: fc.nat(4), received: fc.nat(4) })

export type Observation = typeof observation extends fc.Arbitrary<infer T> ? T : never

/** Observations of a few coins in any order, with repeats, as a bus that delivers at least once brings them. */
export const deliveries = fc.array(fc.array(observation, { maxLength: 8 }), { maxLength: 8 })

/** Of each coin the newest observation. */
export function newestOf(batches: readonly Observation[][]): Observation[] {
  const newest = new Map<number, Observation>()
  for (const next of batches.flat()) {
    const known = newest.get(next.coin)
    const age = known === undefined ? 1 : next.observed - known.observed || next.received - known.received
    if (age > 0) newest.set(next.coin, next)
  }
  return [...newest.values()]
}

/** A moment, by its minute. */
export const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

export async function batchesOf<T>(batches: AsyncIterable<T[]>): Promise<T[][]> {
  const collected: T[][] = []
  for await (const batch of batches) collected.push(batch)
  return collected
}

export const rowsOf = async <T>(batches: AsyncIterable<T[]>): Promise<T[]> => (await batchesOf(batches)).flat()
