import { type Static, Type } from '@sinclair/typebox'
import { Freshness } from '../domain/freshness.ts'
import { CoinId, OneOf } from '../domain/scalars.ts'
import { Signal } from '../domain/signal.ts'
import { Timeframe } from '../domain/timeframe.ts'
import { List, Page, pageQuery, Success } from './envelope.ts'

export const SIGNAL_SORTS = ['score', 'rank', 'updated'] as const
export type SignalSort = (typeof SIGNAL_SORTS)[number]

export const SEARCH_SORTS = ['score', 'match'] as const
export type SearchSort = (typeof SEARCH_SORTS)[number]

export const ACTION_FILTERS = ['strong_buy', 'buy', 'hold', 'sell', 'strong_sell'] as const
export type ActionFilter = (typeof ACTION_FILTERS)[number]

/** How long ago the observation was made, in ms, at the moment of the answer. */
export const AgeMs = Type.Integer({ minimum: 0 })

/** What a row says of its age, in the end of it. */
export const AGED = { ageMs: AgeMs, freshness: Freshness }

/** Asks for rows alone whose observation is no older than that at the moment of the answer. */
export const MaxAge = Type.Integer({
  minimum: 1,
  maximum: 31_536_000,
  description: 'Seconds: only what was observed no longer ago',
})

/** A signal as served: with its age. */
export const ServedSignal = Type.Object({ ...Signal.properties, ...AGED }, { additionalProperties: false })
export type ServedSignal = Static<typeof ServedSignal>

export const SignalsQuery = Type.Object(
  {
    ...pageQuery(50),
    sort: OneOf(SIGNAL_SORTS, { default: 'score' }),
    filter: Type.Optional(OneOf(ACTION_FILTERS)),
    timeframe: Type.Optional(Timeframe),
    min_score: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    max_score: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    max_age: Type.Optional(MaxAge),
  },
  { additionalProperties: false },
)
export type SignalsQuery = Static<typeof SignalsQuery>

export const SearchQuery = Type.Object(
  {
    q: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[^\\u0000-\\u001f\\u007f]+$',
      description: 'Taken literally; case does not matter',
    }),
    limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
    sort: OneOf(SEARCH_SORTS, {
      default: 'score',
      description:
        'score: the highest first. match: the coins of that id, symbol or name first, then those of which one begins with it; of equals the largest first',
    }),
  },
  { additionalProperties: false },
)
export type SearchQuery = Static<typeof SearchQuery>

export const CoinParams = Type.Object({ coinId: CoinId }, { additionalProperties: false })
export type CoinParams = Static<typeof CoinParams>

export const SignalsPage = Page(ServedSignal)
export const SignalsList = List(ServedSignal)

const count = Type.Integer({ minimum: 0 })
const avgScore = Type.Number({ minimum: 0, maximum: 100 })

/** The four horizons of one coin; the primary one's fields stand above them. */
export const CoinSignal = Success(
  Type.Object(
    {
      ...ServedSignal.properties,
      timeframes: Type.Object(
        {
          SCALPING: ServedSignal,
          DAY_TRADING: ServedSignal,
          SWING_TRADING: ServedSignal,
          LONG_TERM: ServedSignal,
        },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
  {},
)

/** Counts of primary signals by action, and the average score of each horizon. */
export const SignalStats = Success(
  Type.Object(
    {
      overview: Type.Object(
        {
          totalCoins: count,
          avgScore,
          strongBuyCount: count,
          buyCount: count,
          holdCount: count,
          sellCount: count,
          strongSellCount: count,
        },
        { additionalProperties: false },
      ),
      timeframes: Type.Array(Type.Object({ timeframe: Timeframe, count, avgScore }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
  {},
)
