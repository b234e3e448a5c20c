/** Gives each coin a small number of its own, in order of arrival: what all columns and orders are indexed by. */
export interface Slots {
  /** The coin of each slot. */
  readonly ids: readonly string[]
  /** The slot of a coin, a new one if it has none. */
  of(coinId: string): number
  find(coinId: string): number | undefined
}

export function createSlots(): Slots {
  const ids: string[] = []
  const slots = new Map<string, number>()
  return {
    ids,
    of(coinId) {
      const known = slots.get(coinId)
      if (known !== undefined) return known
      slots.set(coinId, ids.length)
      return ids.push(coinId) - 1
    },
    find: (coinId) => slots.get(coinId),
  }
}
