/** What fiat currencies are worth, as the pairs of exchanges tell. */
export interface FiatRates {
  offer(currency: string, word: FiatWord, nowMs: number): void
  /** The median of what was said of late, dollars for one; null if nothing was. */
  usdPer(currency: string, nowMs: number): number | null
}

interface FiatWord {
  pair: string
  usd: number
  /** Of 24 h. */
  volumeUsd: number
}

export function createFiatRates(): FiatRates {
  const currencies = new Map<string, Map<string, { usd: number; atMs: number }>>()
  return {
    offer(currency, { pair, usd, volumeUsd }, nowMs) {
      if (!(usd > 0 && usd < Number.POSITIVE_INFINITY) || !(volumeUsd >= MIN_VOLUME_USD)) return
      const said = currencies.get(currency) ?? new Map<string, { usd: number; atMs: number }>()
      currencies.set(currency, said)
      if (said.has(pair) || said.size < MAX_PAIRS) said.set(pair, { usd, atMs: nowMs })
    },
    usdPer(currency, nowMs) {
      const said = currencies.get(currency)
      if (said === undefined) return null
      for (const [pair, { atMs }] of said) if (nowMs - atMs > MAX_AGE_MS) said.delete(pair)
      const rates = [...said.values()].map(({ usd }) => usd).sort((a, b) => a - b)
      return rates[rates.length >> 1] ?? null
    },
  }
}

/** A pair that hardly trades says nothing. */
const MIN_VOLUME_USD = 1_000
const MAX_PAIRS = 64
const MAX_AGE_MS = 15 * 60_000
