import { scoreCoin } from '@crypto-signals/analysis'
import {
  CHANGE_SPANS,
  type Changes,
  primaryOf,
  type Quote,
  type ScoredCoin,
  type Signal,
  TIMEFRAMES,
} from '@crypto-signals/contracts'
import type { Row } from './market-rows.ts'

/** The same answers as the product's, by the plainest means: arrays, filtered and sorted anew for each question. */
export interface Reference {
  coins: Map<string, ScoredCoin>
  quotes: Map<string, Quote>
}

/** What the rows say, when each coin was received at the time given. Of a coin's rows the newest counts, the first among equals. */
export function referenceOf(rows: readonly Row[], receivedAt: ReadonlyMap<string, string>): Reference {
  const quotes = new Map<string, Quote>()
  for (const row of rows) {
    const quote = quoteOf(row, receivedAt.get(String(row.id)) ?? '')
    const known = quotes.get(quote.coinId)
    if (known === undefined || quote.observedAt > known.observedAt) quotes.set(quote.coinId, quote)
  }
  const coins = new Map([...quotes].map(([coinId, quote]) => [coinId, scoreCoin(quote, null)]))
  return { coins, quotes }
}

export interface Question {
  timeframe?: Signal['timeframe']
  sort: 'score' | 'rank' | 'updated'
  filter?: string
  min_score?: number
  max_score?: number
  page: number
  limit: number
}

export function answerTo(question: Question, { coins }: Reference): { rows: Signal[]; total: number } {
  const signals = [...coins.values()].map(({ signals }) =>
    question.timeframe === undefined ? primaryOf(signals) : (signals[TIMEFRAMES.indexOf(question.timeframe)] as Signal),
  )
  const found = signals
    .filter(
      ({ recommendation }) => question.filter === undefined || recommendation.action.toLowerCase() === question.filter,
    )
    .filter(({ finalScore }) => finalScore >= (question.min_score ?? 0) && finalScore <= (question.max_score ?? 100))
    .sort((a, b) => ORDERS[question.sort](a, b) || (a.coinId < b.coinId ? -1 : 1))
  const start = (question.page - 1) * question.limit
  return { rows: found.slice(start, start + question.limit), total: found.length }
}

const ORDERS: Record<Question['sort'], (a: Signal, b: Signal) => number> = {
  score: (a, b) => b.finalScore - a.finalScore,
  rank: (a, b) => (a.rank ?? 1e9) - (b.rank ?? 1e9),
  updated: (a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt),
}

/** Rows found by `q` in id, symbol or name, best score first. */
export function searched(q: string, limit: number, { coins }: Reference): Signal[] {
  const wanted = q.toLowerCase()
  const hit = ({ coinId, symbol, name }: Signal) =>
    [coinId, symbol, name].some((text) => text.toLowerCase().includes(wanted))
  const primaries = [...coins.values()].map(({ signals }) => primaryOf(signals))
  return primaries
    .filter(hit)
    .sort((a, b) => ORDERS.score(a, b) || (a.coinId < b.coinId ? -1 : 1))
    .slice(0, limit)
}

function quoteOf(row: Row, receivedAt: string): Quote {
  const number = (key: string) => (typeof row[key] === 'number' ? row[key] : null)
  const line = (row.sparkline_in_7d as { price?: number[] } | null | undefined)?.price
  const seen = Date.parse(String(row.last_updated))
  const observedAt = Number.isNaN(seen) || seen > Date.parse(receivedAt) ? receivedAt : new Date(seen).toISOString()
  const changes = CHANGE_SPANS.map((span) => [span, number(`price_change_percentage_${span}_in_currency`)])
  const changePct = Object.fromEntries(changes) as Changes
  changePct['24h'] ??= number('price_change_percentage_24h')
  const image = String(row.image)
  return {
    coinId: String(row.id),
    symbol: String(row.symbol),
    name: String(row.name) || String(row.id),
    image: image.startsWith('https://') ? image : null,
    marketCapRank: number('market_cap_rank') || null,
    priceUsd: number('current_price'),
    marketCapUsd: number('market_cap') || null,
    volumeUsd24h: number('total_volume'),
    high24hUsd: number('high_24h'),
    low24hUsd: number('low_24h'),
    circulatingSupply: number('circulating_supply'),
    changePct,
    sparkline: line === undefined || line.length === 0 ? null : line.slice(-400),
    source: 'coingecko',
    origins: originsOf(row, observedAt),
    observedAt,
    receivedAt,
  }
}

/** One source alone: each part that the row speaks of is as old as its price. */
function originsOf(row: Row, observedAt: string): Quote['origins'] {
  const isSaid = (...keys: string[]) => keys.some((key) => typeof row[key] === 'number')
  const of = (said: boolean) => (said ? { source: 'coingecko', observedAt } : null)
  const line = (row.sparkline_in_7d as { price?: number[] } | null | undefined)?.price
  return {
    range: of(isSaid('high_24h', 'low_24h')),
    volume: of(isSaid('total_volume')),
    supply: of(isSaid('circulating_supply') || Number(row.market_cap) > 0),
    changes: of(
      isSaid(
        'price_change_percentage_24h',
        ...CHANGE_SPANS.map((span) => `price_change_percentage_${span}_in_currency`),
      ),
    ),
    sparkline: of(line !== undefined && line.length > 0),
  }
}
