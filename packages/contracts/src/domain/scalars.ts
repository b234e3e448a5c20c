import { FormatRegistry, Kind, type Static, type TSchema, Type, TypeRegistry } from '@sinclair/typebox'

TypeRegistry.Set('OneOf', (schema: { enum: readonly unknown[] }, value) => schema.enum.includes(value))
FormatRegistry.Set('uuid', (value) => UUID.test(value))

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** One of some words, as JSON Schema's `enum`: documents and faults then list the words instead of a union of constants. */
export const OneOf = <const W extends readonly string[]>(
  words: W,
  options: { default?: W[number]; description?: string } = {},
) => Type.Unsafe<W[number]>({ [Kind]: 'OneOf', type: 'string', enum: words, ...options })

/** The value, or null where the source did not say. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** CoinGecko's id of a coin: the one stable name of it everywhere in the system. Symbols are shared, ids are not. */
export const CoinId = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: "CoinGecko's coin id, for example `bitcoin`",
})
export type CoinId = Static<typeof CoinId>

// The exact form of Date#toISOString, so that instants also compare as strings.
/** An instant in UTC, RFC 3339 with milliseconds. */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  description: 'RFC 3339, UTC, milliseconds',
})
export type Instant = Static<typeof Instant>

/** A price or another amount in US dollars. */
export const Usd = Type.Number({ minimum: 0, maximum: 1e30 })

/** A change in percent: 5 is +5 %. */
export const Percent = Type.Number({ minimum: -1e12, maximum: 1e12 })

/** A score, 0 (bearish) to 100 (bullish). */
export const Score = Type.Number({ minimum: 0, maximum: 100 })

/** A place in the market by capitalisation, 1 is the largest. */
export const Rank = Type.Integer({ minimum: 1, maximum: 1_000_000 })

/** Where an observation came from. `simulated` is never a real market. */
export const SourceName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' })
export type SourceName = Static<typeof SourceName>

/** An identifier made by us, a UUID. */
export const Uuid = Type.String({ format: 'uuid' })
