import { type Static, Type } from '@sinclair/typebox'
import { BAR_INTERVALS, Bar, BarInterval } from '../domain/bar.ts'
import { CoinId, OneOf } from '../domain/scalars.ts'
import { UnversionedMeta } from './envelope.ts'

const moment = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
      description,
    }),
  )

/** The newest `limit` bars that opened from `from` to before `to`. */
export const BarsQuery = Type.Object(
  {
    interval: OneOf(BAR_INTERVALS, { default: '1h' }),
    from: moment('RFC 3339: the earliest opening'),
    to: moment('RFC 3339: later than every opening'),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 500 }),
  },
  { additionalProperties: false },
)
export type BarsQuery = Static<typeof BarsQuery>

/** Bars of a coin, oldest first; where nothing was seen there is none. */
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
