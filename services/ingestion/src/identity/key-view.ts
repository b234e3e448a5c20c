import type { Observation } from '../observation.ts'
import type { SourceFacts } from '../source.ts'
import { type BestPairs, createBestPairs } from './best-pairs.ts'
import type { Ground } from './ground.ts'
import { createKeyBook, type KeyBook } from './key-book.ts'
import type { KnownKey } from './known-key.ts'
import { agree, isProven, isRefuted, MULTIPLE_TOLERANCE } from './proof.ts'
import { type Sighting, sightingOf } from './sighting.ts'
import type { SourceView } from './source-view.ts'

/** Of a source with names of its own for what it prices. */
export function createKeyView(facts: SourceFacts, ground: Ground): SourceView {
  const best = createBestPairs()
  const keys = createKeyBook(facts, ground)
  const check = createCheck(ground, keys, best)
  const worthsAt = (rows: readonly Observation[], known: readonly (KnownKey | null)[], nowMs: number) => {
    for (const [index, row] of rows.entries()) {
      if (facts.keys === 'pair') ground.currencies.note(facts.name, row, known[index]?.coin?.id ?? null, nowMs)
    }
    return onceEach((currency) => ground.currencies.usdPer(currency, nowMs))
  }
  return {
    facts,
    coins: best.coins,
    resolve({ rows, receivedAt: nowMs }) {
      const known = rows.map((row) => keys.find(row, nowMs))
      const usdPer = worthsAt(rows, known, nowMs)
      best.begin(nowMs)
      for (const [index, row] of rows.entries()) {
        const key = known[index]
        if (!key || key.claims.length === 0) continue
        const usd = usdPer(row.currency)
        if (usd === null) continue
        if (nowMs >= key.checkAtMs) check(key, row, usd, nowMs)
        if (key.coin === null || !key.mayPrice) continue
        best.offer(key.coin.id, { index, key: row.key, volumeUsd: liquidityOf(row, usd, nowMs) })
      }
      return best.chosen().flatMap((index) => seen(rows[index], known[index], usdPer))
    },
    keyOf: (coinId) => best.keyOf(coinId) ?? keys.keyOf(coinId),
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

const liquidityOf = ({ volume24h, price, observedAtMs }: Observation, usd: number, nowMs: number) =>
  price === null || nowMs - observedAtMs > FRESH_MS ? -1 : (volume24h ?? 0) * usd

/** Compares a row's price with what others say of the coin: proves what is not proven, drops what is refuted. */
function createCheck({ reference }: Ground, keys: KeyBook, best: BestPairs) {
  const prove = (known: KnownKey, priceUsd: number, observedAtMs: number, nowMs: number) => {
    for (const claim of keys.openClaims(known, nowMs)) {
      if (claim.proof === 'none') return keys.settle(known, claim, nowMs)
      const referencePrice = reference.priceAt(claim.coin.id, observedAtMs, best.coins.has(claim.coin.id))
      if (referencePrice === null) continue
      const price = priceUsd / claim.multiplier
      const isBelieved =
        claim.proof === 'price'
          ? agree(price, referencePrice, MULTIPLE_TOLERANCE)
          : isProven(known, { price, referencePrice, nowMs })
      if (isBelieved) return keys.settle(known, claim, nowMs)
    }
  }
  const refute = (known: KnownKey, coinId: string, row: Priced, nowMs: number) => {
    const referencePrice = reference.priceAt(coinId, row.observedAtMs, best.coins.has(coinId))
    if (referencePrice === null) return
    const price = row.priceUsd / known.multiplier
    if (!isRefuted(known, { price, referencePrice, nowMs })) return
    best.forget(coinId, known.key)
    keys.drop(known, `its price was ${price.toPrecision(4)} where others had ${referencePrice.toPrecision(4)}`, nowMs)
  }
  return (known: KnownKey, { price, observedAtMs }: Observation, usd: number, nowMs: number) => {
    known.checkAtMs = nowMs + CHECK_EVERY_MS
    if (!price || nowMs - observedAtMs > FRESH_MS) return
    const priceUsd = price * usd
    if (known.coin === null) prove(known, priceUsd, observedAtMs, nowMs)
    else refute(known, known.coin.id, { priceUsd, observedAtMs }, nowMs)
  }
}

interface Priced {
  priceUsd: number
  observedAtMs: number
}

const FRESH_MS = 15 * 60_000
const CHECK_EVERY_MS = 60_000
