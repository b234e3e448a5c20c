import { agree } from '../agreement.ts'

/** What fiat currencies are worth, as the pairs of exchanges tell. */
export interface FiatRates {
  offer(currency: string, word: FiatWord, nowMs: number): void
  /** The median of what was said of late, dollars for one; null if nothing was, or one pair alone says so, or half of them speak against it. */
  usdPer(currency: string, nowMs: number): number | null
}

interface FiatWord {
  source: string
  pair: string
  /** What the currency is traded against: two pairs of one exchange and one yardstick would be wrong together. */
  yardstick: string
  usd: number
  /** Of 24 h. */
  volumeUsd: number
}

type Said = Pick<FiatWord, 'source' | 'yardstick' | 'usd'> & { atMs: number }

export function createFiatRates(): FiatRates {
  const currencies = new Map<string, Map<string, Said>>()
  return {
    offer(currency, { source, pair, yardstick, usd, volumeUsd }, nowMs) {
      if (!(usd > 0 && usd < Number.POSITIVE_INFINITY) || !(volumeUsd >= MIN_VOLUME_USD)) return
      const said = currencies.get(currency) ?? new Map<string, Said>()
      currencies.set(currency, said)
      const key = `${source} ${pair}`
      if (said.has(key) || said.size < MAX_PAIRS) said.set(key, { source, yardstick, usd, atMs: nowMs })
    },
    usdPer(currency, nowMs) {
      const said = currencies.get(currency)
      if (said === undefined) return null
      for (const [pair, { atMs }] of said) if (nowMs - atMs > MAX_AGE_MS) said.delete(pair)
      return sharedMedian([...said.values()])
    },
  }
}

/** A pair that hardly trades says nothing. */
const MIN_VOLUME_USD = 1_000
const MAX_PAIRS = 64
const MAX_AGE_MS = 15 * 60_000
const SAME = 0.02

function sharedMedian(said: Said[]): number | null {
  const median = said.toSorted((a, b) => a.usd - b.usd)[said.length >> 1]
  if (median === undefined) return null
  const { source, yardstick, usd } = median
  const same = said.filter((other) => agree(other.usd, usd, SAME))
  const isShared = same.some((other) => other.source !== source || other.yardstick !== yardstick)
  return isShared && 2 * same.length > said.length ? usd : null
}
