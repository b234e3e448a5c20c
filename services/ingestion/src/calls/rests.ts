import type { Clock } from '@crypto-signals/clock'

/** Which coins are let alone for a while after they were asked about: many have no fresh price anywhere, and would take every turn. */
export interface Rests {
  awake(coinIds: readonly string[]): string[]
  /** `answered`: whether what was asked for came. */
  asked(coinId: string, answered: boolean, atMs: number): void
}

/** `freshMs`: for how long an answer is fresh enough. */
export function createRests(clock: Clock, freshMs: number): Rests {
  const until = new Map<string, number>()
  return {
    awake(coinIds) {
      const now = clock.now()
      return coinIds.filter((coinId) => (until.get(coinId) ?? 0) <= now)
    },
    asked: (coinId, answered, atMs) => void until.set(coinId, atMs + (answered ? freshMs : BARREN_MS)),
  }
}

const BARREN_MS = 6 * 3_600_000
