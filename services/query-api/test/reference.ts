import {
  ACTIONS,
  type CoinSort,
  type CoinsQuery,
  freshnessOf,
  primaryOf,
  type Quote,
  type ScoredCoin,
  type SearchQuery,
  type Signal,
  type SignalsQuery,
  TIMEFRAMES,
} from '@crypto-signals/contracts'

/** Rows as plain objects, and what the read side should answer from them. */
export function createReference(nowMs: () => number) {
  const quotes = new Map<string, Quote>()
  const scored = new Map<string, ScoredCoin>()
  const ageOf = ({ observedAt }: { observedAt: string }) => Math.max(0, nowMs() - Date.parse(observedAt))
  const aged = <T extends { observedAt: string }>(row: T) => {
    return { ...row, ageMs: ageOf(row), freshness: freshnessOf(ageOf(row)) }
  }
  return {
    takeQuote(row: Quote) {
      if (momentOf(row) > momentOf(quotes.get(row.coinId))) quotes.set(row.coinId, row)
    },
    takeScored(row: ScoredCoin) {
      if (momentOf(row.signals[0]) > momentOf(scored.get(row.coinId)?.signals[0])) scored.set(row.coinId, row)
    },
    ...signalAnswers(scored, aged),
    ...coinAnswers(quotes, scored, aged),
  }
}
export type Reference = ReturnType<typeof createReference>

/** A query with its defaults filled in. */
type SignalsQuestion = Pick<SignalsQuery, 'page' | 'limit' | 'sort'> & {
  [name in 'filter' | 'timeframe' | 'min_score' | 'max_score' | 'max_age']: SignalsQuery[name] | undefined
}

type CoinsQuestion = Pick<CoinsQuery, 'page' | 'limit' | 'sort'> & {
  [name in 'symbol' | 'max_age']: CoinsQuery[name] | undefined
}

type Aged = <T extends { observedAt: string }>(row: T) => T & { ageMs: number }

const isYoung =
  (aged: Aged, maxAge = Number.POSITIVE_INFINITY) =>
  (row: { observedAt: string }) =>
    aged(row).ageMs <= maxAge * 1_000

function signalAnswers(scored: Map<string, ScoredCoin>, aged: Aged) {
  const rowsOf = (timeframe?: string) =>
    [...scored.values()].map(({ signals }) => signals.find((one) => one.timeframe === timeframe) ?? primaryOf(signals))
  const listOf = (rows: Signal[], limit: number) => {
    const data = rows.slice(0, limit).map(aged)
    return { data, count: data.length }
  }
  return {
    signals({ page, limit, sort, filter, timeframe, min_score = 0, max_score = 100, max_age }: SignalsQuestion) {
      const rows = rowsOf(timeframe)
        .filter(({ recommendation: { action } }) => !filter || action.toLowerCase() === filter)
        .filter(({ finalScore }) => finalScore >= min_score && finalScore <= max_score)
        .filter(isYoung(aged, max_age))
      return pageOf(rows.sort(by(SIGNAL_KEYS[sort])).map(aged), page, limit)
    },
    search({ q, limit, sort }: SearchQuery) {
      const holds = (text: string) => text.toLowerCase().includes(q.toLowerCase())
      const rows = rowsOf().filter(({ coinId, symbol, name }) => holds(coinId) || holds(symbol) || holds(name))
      if (sort === 'match')
        return listOf(
          rows.sort(by(SIGNAL_KEYS.rank)).sort((a, b) => misfitOf(a, q) - misfitOf(b, q)),
          limit,
        )
      return listOf(rows.sort(by(SIGNAL_KEYS.score)), limit)
    },
    strong() {
      const rows = rowsOf().filter(({ finalScore }) => finalScore >= 80 || finalScore <= 20)
      return listOf(rows.sort(by(({ finalScore }) => -Math.abs(finalScore - 50))), 100)
    },
    stats() {
      const rows = rowsOf()
      const counts = ACTIONS.map((action) => rows.filter((one) => one.recommendation.action === action).length)
      const [strongBuyCount, buyCount, holdCount, sellCount, strongSellCount] = counts
      const totals = { totalCoins: rows.length, avgScore: averageOf(rows) }
      const overview = { ...totals, strongBuyCount, buyCount, holdCount, sellCount, strongSellCount }
      const timeframes = TIMEFRAMES.map((timeframe) => {
        return { timeframe, count: rows.length, avgScore: averageOf(rowsOf(timeframe)) }
      })
      return { data: { overview, timeframes } }
    },
    coinSignal(coinId: string) {
      const coin = scored.get(coinId)
      if (!coin) return null
      const timeframes = Object.fromEntries(coin.signals.map((one) => [one.timeframe, aged(one)]))
      return { data: { ...aged(primaryOf(coin.signals)), timeframes } }
    },
  }
}

function coinAnswers(quotes: Map<string, Quote>, scored: Map<string, ScoredCoin>, aged: Aged) {
  const shown = (quote: Quote) => {
    const { sparkline: _sparkline, ...rest } = quote
    return aged(rest)
  }
  const ofSymbol = (symbol?: string) =>
    [...quotes.values()].filter((one) => !symbol || one.symbol.toLowerCase() === symbol.toLowerCase())
  const coinDetail = (coinId: string) => {
    const [quote, coin] = [quotes.get(coinId), scored.get(coinId)]
    return quote ? { data: { ...shown(quote), signal: coin ? aged(primaryOf(coin.signals)) : null } } : null
  }
  return {
    coins({ page, limit, sort, symbol, max_age }: CoinsQuestion) {
      const rows = ofSymbol(symbol).filter(isYoung(aged, max_age))
      return pageOf(rows.sort(by(COIN_KEYS[sort])).map(shown), page, limit)
    },
    coinDetail,
    /** The coins that a symbol may mean. */
    candidates(symbol: string) {
      const rows = ofSymbol(symbol).sort(by(COIN_KEYS.marketCapRank))
      return rows.map(({ coinId, symbol, name, marketCapRank }) => ({ coinId, symbol, name, marketCapRank }))
    },
    coinOfSymbol(symbol: string) {
      const [only, ...others] = ofSymbol(symbol)
      return only && others.length === 0 ? coinDetail(only.coinId) : null
    },
  }
}

// Instants compare as strings, and so do two of them one after the other.
function momentOf(row?: { observedAt: string; receivedAt: string } | Signal): string {
  return row ? `${row.observedAt} ${'receivedAt' in row ? row.receivedAt : row.updatedAt}` : ''
}

const by =
  <T extends { coinId: string }>(keyOf: (row: T) => number) =>
  (a: T, b: T) => {
    const [keyA, keyB] = [keyOf(a), keyOf(b)]
    return keyA === keyB ? (a.coinId < b.coinId ? -1 : 1) : keyA - keyB
  }

const LAST = 1e300

/** 0: it is called so, 1: begins so, 2: neither. */
function misfitOf({ coinId, symbol, name }: Signal, q: string): number {
  const fields = [coinId, symbol, name].map((text) => text.toLowerCase())
  if (fields.includes(q.toLowerCase())) return 0
  return fields.some((field) => field.startsWith(q.toLowerCase())) ? 1 : 2
}

const SIGNAL_KEYS: Record<SignalsQuery['sort'], (signal: Signal) => number> = {
  score: ({ finalScore }) => -finalScore,
  rank: ({ rank }) => rank ?? LAST,
  updated: ({ updatedAt }) => -Date.parse(updatedAt),
}

const COIN_KEYS: Record<CoinSort, (quote: Quote) => number> = {
  marketCapRank: ({ marketCapRank }) => marketCapRank ?? LAST,
  marketCapUsd: ({ marketCapUsd }) => -(marketCapUsd ?? -LAST),
  volumeUsd24h: ({ volumeUsd24h }) => -(volumeUsd24h ?? -LAST),
  change24h: ({ changePct }) => -(changePct['24h'] ?? -LAST),
  updated: ({ receivedAt }) => -Date.parse(receivedAt),
}

const pageOf = <T>(rows: T[], page: number, limit: number) => ({
  data: rows.slice((page - 1) * limit, page * limit),
  pagination: {
    current_page: page,
    total_pages: Math.ceil(rows.length / limit),
    total_items: rows.length,
    items_per_page: limit,
  },
})

// Summed in the order of scores, as a sum of floating-point numbers depends on the order.
function averageOf(rows: Signal[]): number {
  const sum = rows
    .map(({ finalScore }) => finalScore)
    .sort((a, b) => b - a)
    .reduce((a, b) => a + b, 0)
  return rows.length === 0 ? 0 : Math.round((sum / rows.length) * 100) / 100
}
