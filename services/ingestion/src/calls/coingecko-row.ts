import { CHANGE_SPANS, type Changes, NO_ORIGINS, Quote } from '@crypto-signals/contracts'
import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { isObject, picked, type RowReading, reasonOf } from './row-reading.ts'

const { coinId, symbol, name } = Quote.properties
const [amount, supply] = [Quote.properties.priceUsd.anyOf[0], Quote.properties.circulatingSupply.anyOf[0]]
const [rank, sparkline] = [Quote.properties.marketCapRank.anyOf[0], Quote.properties.sparkline.anyOf[0]]
const change = Type.Optional(Type.Number())

/** The fields of a row of /coins/markets that we use. Each but the id may be null or missing, and counts as missing then. */
const MarketRow = Type.Object({
  id: coinId,
  symbol: Type.Optional(symbol),
  name: Type.Optional(Type.String({ maxLength: name.maxLength ?? 0 })),
  image: Type.Optional(Type.String()),
  current_price: Type.Optional(amount),
  market_cap: Type.Optional(amount),
  market_cap_rank: Type.Optional(Type.Integer({ minimum: 0, maximum: rank.maximum ?? 0 })),
  total_volume: Type.Optional(amount),
  high_24h: Type.Optional(amount),
  low_24h: Type.Optional(amount),
  circulating_supply: Type.Optional(supply),
  last_updated: Type.Optional(Type.Unknown()),
  sparkline_in_7d: Type.Optional(Type.Object({ price: Type.Optional(Type.Array(sparkline.items)) })),
  price_change_percentage_24h: change,
  price_change_percentage_1h_in_currency: change,
  price_change_percentage_24h_in_currency: change,
  price_change_percentage_7d_in_currency: change,
  price_change_percentage_14d_in_currency: change,
  price_change_percentage_30d_in_currency: change,
  price_change_percentage_200d_in_currency: change,
  price_change_percentage_1y_in_currency: change,
})
type MarketRow = Static<typeof MarketRow>

const marketRow = TypeCompiler.Compile(MarketRow)
const FIELDS = Object.keys(MarketRow.properties)

/** Reads one row of /coins/markets: the quote, or why there is none. `receivedAt` is ms since the epoch. */
export function readMarketRow(row: unknown, source: string, receivedAt: number): RowReading<Quote> {
  const fields = withoutNullPrices(picked(row, FIELDS))
  if (!marketRow.Check(fields)) return { fault: reasonOf(row, marketRow.Errors(fields).First()) }
  if (!fields.id.isWellFormed()) return { fault: { reason: 'id: not well-formed', id: null } }
  return { row: quoteOf(fields, source, receivedAt) }
}

function quoteOf(row: MarketRow, source: string, receivedAt: number): Quote {
  return {
    coinId: row.id,
    symbol: row.symbol ?? '',
    name: row.name || row.id,
    image: imageOf(row.image),
    marketCapRank: row.market_cap_rank || null,
    priceUsd: row.current_price ?? null,
    marketCapUsd: row.market_cap || null,
    volumeUsd24h: row.total_volume ?? null,
    high24hUsd: row.high_24h ?? null,
    low24hUsd: row.low_24h ?? null,
    circulatingSupply: row.circulating_supply ?? null,
    changePct: changesOf(row),
    sparkline: row.sparkline_in_7d?.price?.length ? row.sparkline_in_7d.price.slice(-(sparkline.maxItems ?? 0)) : null,
    source,
    origins: NO_ORIGINS,
    observedAt: observedAtOf(row.last_updated, receivedAt),
    receivedAt: new Date(receivedAt).toISOString(),
  }
}

/** A link that is not safe to show, or too long to keep, costs the picture and not the coin. */
function imageOf(image: string | undefined): string | null {
  const fits = image !== undefined && image.length <= (Quote.properties.image.anyOf[0].maxLength ?? 0)
  return fits && image.startsWith('https://') && URL.canParse(image) ? image : null
}

function changesOf(row: MarketRow): Changes {
  const known = (span: (typeof CHANGE_SPANS)[number]) => {
    const value =
      row[`price_change_percentage_${span}_in_currency`] ?? (span === '24h' ? row.price_change_percentage_24h : null)
    return value == null || Math.abs(value) > LARGEST_CHANGE ? null : value
  }
  return Object.fromEntries(CHANGE_SPANS.map((span) => [span, known(span)])) as Changes
}

// Beyond it no change means anything; it comes of prices that were near zero.
const LARGEST_CHANGE = 1e12

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/

/** A time that cannot be read, or that has not come yet, is as good as none. */
function observedAtOf(lastUpdated: unknown, receivedAt: number): string {
  const at = typeof lastUpdated === 'string' && DATE_TIME.test(lastUpdated) ? Date.parse(lastUpdated) : Number.NaN
  return new Date(at > 0 && at <= receivedAt ? at : receivedAt).toISOString()
}

function withoutNullPrices(fields: unknown): unknown {
  if (!isObject(fields) || !isObject(fields.sparkline_in_7d)) return fields
  const { price } = fields.sparkline_in_7d
  const known = Array.isArray(price) ? price.filter((value) => value !== null) : (price ?? undefined)
  return { ...fields, sparkline_in_7d: { price: known } }
}
