import { CHANGE_SPANS, type Changes, type Quote, type ScoredCoin, TIMEFRAMES } from '@crypto-signals/contracts'
import { quoteOf, scoredCoinOf } from './factories.ts'
import { randomOf } from './random.ts'

/** `count` quotes of different coins as a market has them, largest first, the same for the same seed: some lack a rank, a cap, a volume or a history. */
export function manyQuotes(count: number, seed = 1): Quote[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, index) => marketQuote(index + 1, random))
}

/** `count` scored coins with scores, ranks, prices and times all over their ranges, ties among them, the same for the same seed. */
export function manyScoredCoins(count: number, seed = 1): ScoredCoin[] {
  const random = randomOf(seed)
  return manyQuotes(count, seed).map((quote) => marketSignals(quote, random))
}

const START = Date.parse('2026-01-01T00:00:00.000Z')
const SPARKLINE_POINTS = 168

function marketQuote(rank: number, random: () => number): Quote {
  const ranked = random() < 0.8
  const priceUsd = figures(10 ** (5 - 12 * random()))
  const marketCapUsd = ranked ? figures(2e12 / rank ** 1.4) : random() < 0.5 ? 0 : null
  const observedAt = START + Math.floor(random() * 3_600_000)
  return quoteOf({
    ...namesOf(rank, random),
    marketCapRank: ranked ? rank : null,
    priceUsd,
    marketCapUsd,
    volumeUsd24h: random() < 0.95 ? figures((marketCapUsd ?? 0) * random() ** 3) : null,
    high24hUsd: figures(priceUsd * 1.05),
    low24hUsd: figures(priceUsd * 0.95),
    circulatingSupply: marketCapUsd === null ? null : Math.round(marketCapUsd / priceUsd),
    changePct: changesOf(random),
    sparkline: random() < 0.9 ? walkTo(priceUsd, random) : null,
    observedAt: new Date(observedAt).toISOString(),
    receivedAt: new Date(observedAt + 1_000).toISOString(),
  })
}

/** Symbols are short and therefore shared, as in real markets. */
function namesOf(rank: number, random: () => number) {
  const letters = Array.from({ length: 3 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('')
  return { coinId: `coin-${rank}`, symbol: letters, name: `Coin ${letters.toUpperCase()} ${rank}` }
}

function changesOf(random: () => number): Changes {
  const change = () => (random() < 0.93 ? figures(100 * (random() ** 2 - 0.3)) : null)
  return Object.fromEntries(CHANGE_SPANS.map((span) => [span, change()])) as Changes
}

function walkTo(priceUsd: number, random: () => number): number[] {
  const prices = [priceUsd]
  while (prices.length < SPARKLINE_POINTS) prices.push(figures((prices.at(-1) ?? 0) * (0.98 + 0.04 * random())))
  return prices.reverse()
}

function marketSignals(quote: Quote, random: () => number): ScoredCoin {
  return scoredCoinOf({
    coinId: quote.coinId,
    symbol: quote.symbol,
    name: quote.name,
    rank: quote.marketCapRank,
    price: quote.priceUsd,
    source: quote.source,
    observedAt: quote.observedAt,
    updatedAt: quote.receivedAt,
    changePct: quote.changePct,
    on: Object.fromEntries(TIMEFRAMES.map((timeframe) => [timeframe, opinionOf(random)])),
  })
}

function opinionOf(random: () => number) {
  // Whole and half points, so that there are ties to break.
  const finalScore = Math.floor(random() * 201) / 2
  const insufficientData = random() < 0.05
  return insufficientData
    ? { finalScore, insufficientData, recommendation: { action: 'HOLD' as const, confidence: 0 } }
    : { finalScore, recommendation: { confidence: Math.round(random() * 100) / 100 } }
}

/** Six significant figures, as sources give them. */
const figures = (value: number) => Number(value.toPrecision(6))
