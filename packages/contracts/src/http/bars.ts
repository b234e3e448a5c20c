import { type Static, Type } from '@sinclair/typebox'
import { BAR_INTERVALS, Bar, BarInterval } from '../domain/bar.ts'
import { CoinId, OneOf } from '../domain/scalars.ts'
import { UnversionedMeta } from './envelope.ts'

// Whether it is one the route finds out, which can say so in words.
const moment = (description: string) =>
  Type.Optional(Type.String({ maxLength: 40, description: `RFC 3339, as 2026-11-25T00:00:00.000Z: ${description}` }))

/** The newest `limit` bars that opened from `from` to before `to`. */
export const BarsQuery = Type.Object(
  {
    interval: OneOf(BAR_INTERVALS, { default: '1h' }),
    from: moment('the earliest opening'),
    to: moment('later than every opening'),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 500 }),
  },
  { additionalProperties: false },
)
export type BarsQuery = Static<typeof BarsQuery>

/** Bars of a coin, oldest first; where nothing was seen there is none. The last one goes on, up to the newest price. */
export const BarsList = Type.Object(
  {
    success: Type.Literal(true),
    data: Type.Array(Bar),
    coinId: CoinId,
    interval: BarInterval,
    meta: UnversionedMeta,
  },
  { additionalProperties: false },
)
