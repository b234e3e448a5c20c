import type { Clock } from '@crypto-signals/clock'
import type { Contract, Demand } from '../demand.ts'
import type { Book } from '../merging/book.ts'

/** Demand as it is known from the list of coins, from alerts, from what people look at, and from prices. */
export interface DemandBook extends Demand {
  /** The coins there are, in place of those known before. */
  learn: (coinIds: readonly string[]) => void
  /** The coins that alerts watch, in place of those known before. */
  hold: (coinIds: readonly string[]) => void
  /** People look at these coins now. */
  look: (coinIds: readonly string[]) => void
}

export interface DemandOptions {
  clock: Clock
  priceOf: Book['priceOf']
  /** In dollars, null where it is not known. */
  priceAt: (coinId: string, atMs: number) => number | null
  contractsOf: (coinId: string) => readonly Contract[]
}

const LOOKED_AT_FOR_MS = 600_000
const MAX_LOOKED_AT = 5_000
const HOUR_MS = 3_600_000
const MOVING_SHARE = 0.05
/** A price that is younger is kept fresh by somebody. */
const KEPT_FRESH_MS = 45_000

export function createDemandBook({ clock, priceOf, priceAt, contractsOf }: DemandOptions): DemandBook {
  const looked = createLooks(clock)
  let ids: readonly string[] = []
  let listed: ReadonlySet<string> = new Set()
  let tokens: readonly string[] | null = null
  let held: ReadonlySet<string> = new Set()

  const isMoving = (coinId: string, now: number, priceUsd: number) => {
    const before = priceAt(coinId, now - HOUR_MS)
    return before !== null && before > 0 && Math.abs(priceUsd / before - 1) >= MOVING_SHARE
  }
  /** Lower is wanted more. */
  const classOf = (coinId: string, now: number, priceUsd: number | null) => {
    if (held.has(coinId)) return 0
    if (looked.has(coinId, now)) return 1
    return priceUsd !== null && isMoving(coinId, now, priceUsd) ? 2 : 3
  }
  const stalest = (limit: number, olderThanMs: number, among: readonly string[]) => {
    const now = clock.now()
    const found: Wanted[] = []
    for (const coinId of among) {
      const price = priceOf(coinId)
      const at = price?.observedAtMs ?? 0
      if (now - at > olderThanMs) found.push({ coinId, at, order: classOf(coinId, now, price?.priceUsd ?? null) })
    }
    return found
      .sort(byWant)
      .slice(0, limit)
      .map(({ coinId }) => coinId)
  }
  return {
    ids: () => ids,
    stalest: (limit, olderThanMs, among = ids) => stalest(limit, olderThanMs, among),
    urgent: (limit) =>
      stalest(
        limit,
        KEPT_FRESH_MS,
        [...new Set([...held, ...looked.all()])].filter((id) => listed.has(id)),
      ),
    contractsOf,
    tokens: () => (tokens ??= ids.filter((coinId) => contractsOf(coinId).length > 0)),
    learn(coinIds) {
      ids = [...coinIds].sort()
      listed = new Set(ids)
      tokens = null
    },
    hold(coinIds) {
      held = new Set(coinIds)
    },
    look: (coinIds) => looked.add(coinIds),
  }
}

interface Wanted {
  coinId: string
  /** When its price was so, ms since the epoch; 0 if it has none. */
  at: number
  order: number
}

const byWant = (one: Wanted, other: Wanted) => one.order - other.order || one.at - other.at

/** Which coins were looked at of late, those longest ago first. */
function createLooks(clock: Clock) {
  const at = new Map<string, number>()
  const forget = () => {
    const since = clock.now() - LOOKED_AT_FOR_MS
    for (const [coinId, lookedAt] of at) {
      if (lookedAt > since && at.size <= MAX_LOOKED_AT) return
      at.delete(coinId)
    }
  }
  return {
    has: (coinId: string, now: number) => (at.get(coinId) ?? -Infinity) > now - LOOKED_AT_FOR_MS,
    all: () => {
      forget()
      return at.keys()
    },
    add(coinIds: readonly string[]) {
      const now = clock.now()
      for (const coinId of coinIds) {
        at.delete(coinId)
        at.set(coinId, now)
      }
      forget()
    },
  }
}
