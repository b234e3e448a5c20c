import { type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { CoinId, Nullable, OneOf, Rank } from '../domain/scalars.ts'

const source = OneOf(['live', 'simulated'])

/** What every answer says of itself. `source` is `simulated` unless the data come from real markets. */
export const Meta = Type.Object(
  {
    source,
    version: Type.String({
      description: 'Version of the data, the same wherever the same data are served; also in the ETag',
    }),
  },
  { additionalProperties: false },
)
export type Meta = Static<typeof Meta>

/** The same of answers that are not made from a version of the data. */
export const UnversionedMeta = Type.Object({ source }, { additionalProperties: false })

export const Pagination = Type.Object(
  {
    current_page: Type.Integer({ minimum: 1 }),
    total_pages: Type.Integer({ minimum: 0 }),
    total_items: Type.Integer({ minimum: 0 }),
    items_per_page: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
)
export type Pagination = Static<typeof Pagination>

/** `{success: true, data, ..., meta}` */
export const Success = <T extends TSchema, P extends TProperties>(data: T, extra: P) =>
  Type.Object({ success: Type.Literal(true), data, ...extra, meta: Meta }, { additionalProperties: false })

/** A page of rows. */
export const Page = <T extends TSchema>(row: T) => Success(Type.Array(row), { pagination: Pagination })

/** Some rows, with how many. */
export const List = <T extends TSchema>(row: T) => Success(Type.Array(row), { count: Type.Integer({ minimum: 0 }) })

/** The page to show and how many rows are on it; `limit` has a default of its own on each route. */
export const pageQuery = (defaultLimit: number) => ({
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: defaultLimit }),
})

/** The query of a route that takes none: any parameter is a fault. */
export const NoQuery = Type.Object({}, { additionalProperties: false })

export const ErrorDetail = Type.Object({ path: Type.String(), message: Type.String() }, { additionalProperties: false })
export type ErrorDetail = Static<typeof ErrorDetail>

/** A coin that may have been meant. */
export const Candidate = Type.Object(
  {
    coinId: CoinId,
    symbol: Type.String({ maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 256 }),
    marketCapRank: Nullable(Rank),
  },
  { additionalProperties: false },
)
export type Candidate = Static<typeof Candidate>

/** How many candidates an answer names at most. */
export const MAX_CANDIDATES = 100

/** Every answer that is not a success. */
export const Failure = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.String(),
    code: Type.String(),
    details: Type.Optional(Type.Array(ErrorDetail)),
    candidates: Type.Optional(
      Type.Array(Candidate, {
        maxItems: MAX_CANDIDATES,
        description: 'Where a symbol was given and no id, the coins that have it: by rank, those without one last',
      }),
    ),
  },
  { additionalProperties: false },
)
export type Failure = Static<typeof Failure>
