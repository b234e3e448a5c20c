/** Numbers coins as they come: what is known of them is kept by number. */
export interface Slots {
  of(coinId: string): number
  coinAt(slot: number): string
}

export function createSlots(): Slots {
  const [slots, ids] = [new Map<string, number>(), [] as string[]]
  return {
    of(coinId) {
      const known = slots.get(coinId)
      if (known !== undefined) return known
      slots.set(coinId, ids.length)
      return ids.push(coinId) - 1
    },
    coinAt: (slot) => ids[slot] as string,
  }
}
