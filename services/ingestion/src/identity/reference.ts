/** The merged price in use of a coin, and how many sources it rests on; null if there is none. */
export type PriceOf = (coinId: string) => { priceUsd: number; observedAtMs: number; sources: number } | null

/** Prices that one source's can be compared with. */
export interface Reference {
  /** A price of a source whose keys are coin ids: of this coin beyond doubt. */
  note(coinId: string, priceUsd: number, observedAtMs: number): void
  /**
   * What the coin cost at about that time, in dollars: by a source beyond doubt, or by two others at least; null if that is not known.
   * `isOneOfThem` tells that the source to be compared may itself be behind the price in use.
   */
  priceAt(coinId: string, atMs: number, isOneOfThem: boolean): number | null
}

export function createReference(priceOf: PriceOf): Reference {
  const certain = new Map<string, { priceUsd: number; observedAtMs: number }>()
  return {
    note(coinId, priceUsd, observedAtMs) {
      const last = certain.get(coinId)
      if (last === undefined) certain.set(coinId, { priceUsd, observedAtMs })
      else if (observedAtMs >= last.observedAtMs) Object.assign(last, { priceUsd, observedAtMs })
    },
    priceAt(coinId, atMs, isOneOfThem) {
      const sure = certain.get(coinId)
      if (sure !== undefined && Math.abs(sure.observedAtMs - atMs) <= SAME_TIME_MS) return sure.priceUsd
      const merged = priceOf(coinId)
      if (merged === null || Math.abs(merged.observedAtMs - atMs) > SAME_TIME_MS) return null
      return merged.priceUsd > 0 && merged.sources >= (isOneOfThem ? 3 : 2) ? merged.priceUsd : null
    },
  }
}

/** So far apart two prices still are of the same time: no coin that trades goes off by a quarter in it again and again. */
const SAME_TIME_MS = 10 * 60_000
