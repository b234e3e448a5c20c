import { CHANGE_SPANS, type ChangeSpan, type Changes, Quote } from '@crypto-signals/contracts'
import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { Observation } from '../observation.ts'
import { changesOf, dateOf, imageOf, observedAtOf } from './reading.ts'
import { isObject, picked, type RowReading, reasonOf } from './row-reading.ts'
import { isAddressable, labelOf } from './text.ts'

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

/** Reads one row of /coins/markets: the observation, or why there is none. `receivedAt` is ms since the epoch. */
export function readMarketRow(row: unknown, receivedAt: number): RowReading<Observation> {
  const fields = withoutNullPrices(picked(row, FIELDS))
  if (!marketRow.Check(fields)) return { fault: reasonOf(row, marketRow.Errors(fields).First()) }
  if (!isAddressable(fields.id)) return { fault: { reason: 'id: malformed', id: null } }
  return { row: observationOf(fields, receivedAt) }
}

function observationOf(row: MarketRow, receivedAt: number): Observation {
  return {
    key: row.id,
    symbol: labelOf(row.symbol, symbol.maxLength ?? 0),
    name: labelOf(row.name, name.maxLength ?? 0),
    image: imageOf(row.image),
    currency: 'USD',
    price: row.current_price ?? null,
    volume24h: row.total_volume ?? null,
    high24h: row.high_24h ?? null,
    low24h: row.low_24h ?? null,
    marketCapUsd: row.market_cap || null,
    marketCapRank: row.market_cap_rank || null,
    circulatingSupply: row.circulating_supply ?? null,
    changePct: changesIn(row),
    sparkline: row.sparkline_in_7d?.price?.length ? row.sparkline_in_7d.price.slice(-(sparkline.maxItems ?? 0)) : null,
    observedAtMs: observedAtOf(dateOf(row.last_updated), receivedAt),
  }
}

function changesIn(row: MarketRow): Changes | null {
  const said = (span: ChangeSpan) =>
    row[`price_change_percentage_${span}_in_currency`] ?? (span === '24h' ? row.price_change_percentage_24h : undefined)
  return changesOf(Object.fromEntries(CHANGE_SPANS.map((span) => [span, said(span)])))
}

function withoutNullPrices(fields: unknown): unknown {
  if (!isObject(fields) || !isObject(fields.sparkline_in_7d)) return fields
  const { price } = fields.sparkline_in_7d
  const known = Array.isArray(price) ? price.filter((value) => value !== null) : (price ?? undefined)
  return { ...fields, sparkline_in_7d: { price: known } }
}
