import { SPANS_MS, type Span } from '../market/factors.ts'
import { ORDERS, type Order } from '../market/snapshot.ts'

/** What /coins/markets is asked for. */
export interface MarketsQuery {
  /** Null: every coin. */
  ids: readonly string[] | null
  order: Order
  page: number
  perPage: number
  sparkline: boolean
  spans: readonly Span[]
  withClaims: boolean
}

/** Reads the query of /coins/markets; a fault comes back as the sentence to answer with. Unknown parameters are ignored, as CoinGecko does. */
export const marketsQueryOf = (given: (name: string) => string): MarketsQuery | { fault: string } => {
  const currency = given('vs_currency')
  const order = given('order') || 'market_cap_desc'
  const page = wholeNumber(given('page') || '1')
  const perPage = wholeNumber(given('per_page') || '100')
  const spans = listOf(given('price_change_percentage'))

  if (currency === '') return { fault: 'Missing parameter vs_currency' }
  if (currency.toLowerCase() !== 'usd') return { fault: 'invalid vs_currency' }
  const unsupported = NOT_SIMULATED.find((name) => given(name) !== '')
  if (unsupported !== undefined) return { fault: `${unsupported} is not simulated` }
  if (!isOrder(order)) return { fault: `invalid order, one of ${ORDERS.join(', ')}` }
  if (page === null) return { fault: 'invalid page' }
  if (perPage === null || perPage > 250) return { fault: 'invalid per_page, 1 to 250' }
  if (!spans.every(isSpan)) return { fault: `invalid price_change_percentage, of ${Object.keys(SPANS_MS).join(',')}` }
  return {
    ids: given('ids') === '' ? null : listOf(given('ids')),
    order,
    page,
    perPage,
    sparkline: given('sparkline') === 'true',
    spans,
    withClaims: given('include_rehypothecated') === 'true',
  }
}

// To ignore a filter would answer with the wrong coins.
const NOT_SIMULATED = ['category', 'names', 'symbols'] as const

const wholeNumber = (text: string): number | null => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : null)

const listOf = (text: string): string[] => [...new Set(text.split(',').filter((item) => item !== ''))]

const isOrder = (text: string): text is Order => (ORDERS as readonly string[]).includes(text)

const isSpan = (text: string): text is Span => Object.hasOwn(SPANS_MS, text)
