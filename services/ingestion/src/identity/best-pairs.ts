/** Chooses of each coin the most liquid of a source's pairs, within an answer and from one to the next. */
export interface BestPairs {
  readonly coins: ReadonlySet<string>
  keyOf(coinId: string): string | null
  begin(nowMs: number): void
  /** A row that may speak for the coin; `volumeUsd` is below 0 where it is stale. */
  offer(coinId: string, offer: Offer): void
  /** Indices of the rows that do, at most one a coin. */
  chosen(): readonly number[]
  forget(coinId: string, key: string): void
  tidy(nowMs: number): void
}

interface Offer {
  index: number
  key: string
  volumeUsd: number
}

interface Best {
  coinId: string
  /** The pair that spoke last, and what it traded when last seen. */
  key: string
  volumeUsd: number
  seenAtMs: number
  /** The best of this answer. */
  offer: Offer | null
}

export function createBestPairs(): BestPairs {
  const bests = new Map<string, Best>()
  const coins = new Set<string>()
  const offered: Best[] = []
  let nowMs = 0
  const add = (coinId: string) => {
    const best: Best = { coinId, ...NOBODY, offer: null }
    bests.set(coinId, best)
    return best
  }
  return {
    coins,
    keyOf: (coinId) => (coins.has(coinId) ? (bests.get(coinId)?.key ?? null) : null),
    begin(atMs) {
      nowMs = atMs
      offered.length = 0
    },
    offer(coinId, offer) {
      const best = bests.get(coinId) ?? add(coinId)
      if (offer.key === best.key) Object.assign(best, { volumeUsd: offer.volumeUsd, seenAtMs: nowMs })
      if (best.offer === null) offered.push(best)
      if (best.offer === null || offer.volumeUsd > best.offer.volumeUsd) best.offer = offer
    },
    chosen() {
      const indices: number[] = []
      for (const best of offered) if (takes(best, nowMs)) indices.push(commit(best, nowMs, coins))
      for (const best of offered) best.offer = null
      return indices
    },
    forget(coinId, key) {
      if (bests.get(coinId)?.key === key) bests.delete(coinId)
      if (!bests.has(coinId)) coins.delete(coinId)
    },
    tidy(atMs) {
      for (const [coinId, { seenAtMs }] of bests) {
        if (atMs - seenAtMs <= KEPT_MS) continue
        bests.delete(coinId)
        coins.delete(coinId)
      }
    },
  }
}

const NOBODY = { key: '', volumeUsd: -1, seenAtMs: Number.NEGATIVE_INFINITY }
const KEPT_MS = 86_400_000
/** A stream tells only pairs that traded: so long it waits for the most liquid one before another speaks. */
const WAIT_MS = 5 * 60_000

/** Whether the best of the answer speaks, or a more liquid pair will soon. */
function takes({ key, volumeUsd, seenAtMs, offer }: Best, nowMs: number): boolean {
  return offer !== null && (offer.key === key || volumeUsd <= offer.volumeUsd || nowMs - seenAtMs > WAIT_MS)
}

function commit(best: Best, nowMs: number, coins: Set<string>): number {
  if (best.offer === null) return -1
  best.key = best.offer.key
  best.volumeUsd = best.offer.volumeUsd
  best.seenAtMs = nowMs
  coins.add(best.coinId)
  return best.offer.index
}
