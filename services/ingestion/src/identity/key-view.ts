import type { Observation } from '../observation.ts'
import type { SourceFacts } from '../source.ts'
import { createBestPairs } from './best-pairs.ts'
import { createCheck, ROW_FRESH_MS } from './check.ts'
import type { Ground } from './ground.ts'
import { createKeyBook } from './key-book.ts'
import type { KnownKey } from './known-key.ts'
import { type Sighting, sightingOf } from './sighting.ts'
import type { SourceView } from './source-view.ts'

/** Of a source with names of its own for what it prices. */
export function createKeyView(facts: SourceFacts, ground: Ground): SourceView {
  const best = createBestPairs()
  const keys = createKeyBook(facts, ground)
  const check = createCheck(facts.name, ground, keys, best)
  const worthsAt = (rows: readonly Observation[], known: readonly (KnownKey | null)[], nowMs: number) => {
    for (const [index, row] of rows.entries()) {
      const key = known[index]
      const coin = key?.isSuspended ? null : key?.coin
      if (facts.keys === 'pair') ground.currencies.note(facts.name, row, coin?.id ?? null, nowMs)
    }
    return onceEach((currency) => ground.currencies.usdPer(currency, nowMs))
  }
  return {
    facts,
    coins: best.coins,
    resolve({ rows, receivedAt: nowMs }) {
      const known = rows.map((row) => keys.find(row, nowMs))
      const usdPer = worthsAt(rows, known, nowMs)
      check(rows, known, usdPer, nowMs)
      best.begin(nowMs)
      for (const [index, row] of rows.entries()) {
        const key = known[index]
        if (!key?.coin || !key.mayPrice || key.isSuspended) continue
        const usd = usdPer(row.currency)
        if (usd !== null) best.offer(key.coin.id, { index, key: row.key, volumeUsd: liquidityOf(key, row, usd, nowMs) })
      }
      return best.chosen().flatMap((index) => seen(rows[index], known[index], usdPer))
    },
    keyOf(coinId) {
      const key = best.keyOf(coinId)
      return key === null ? keys.keyOf(coinId) : keys.keyFor(key, coinId)
    },
    tidy(nowMs) {
      best.tidy(nowMs)
      keys.tidy(nowMs)
    },
  }
}

type UsdPer = (currency: string) => number | null

/** The function, asked once for each currency. */
function onceEach(usdPer: UsdPer): UsdPer {
  const known = new Map<string, number | null>()
  return (currency) => {
    const before = known.get(currency)
    if (before !== undefined) return before
    const usd = usdPer(currency)
    known.set(currency, usd)
    return usd
  }
}

function seen(row: Observation | undefined, key: KnownKey | null | undefined, usdPer: UsdPer): Sighting[] {
  const usd = row && usdPer(row.currency)
  if (!usd || !key?.coin) return []
  const { coin, multiplier } = key
  // An exchange's symbol may be a multiple's, and another source's the one of last year.
  return [sightingOf(row, { coin, symbol: coin.symbol, name: coin.name, usd, multiplier })]
}

/** Below 0 of a pair that is not to speak as long as another does; among those, the most liquid still first. */
function liquidityOf(
  known: KnownKey,
  { volume24h, price, observedAtMs }: Observation,
  usd: number,
  nowMs: number,
): number {
  if (price === null || nowMs - observedAtMs > ROW_FRESH_MS) return -1
  const volumeUsd = (volume24h ?? 0) * usd
  return known.isOff ? -1 / (1 + volumeUsd) : volumeUsd
}
