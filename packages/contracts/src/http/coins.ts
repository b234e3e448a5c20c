import { type Static, Type } from '@sinclair/typebox'
import { Quote } from '../domain/quote.ts'
import { Nullable, OneOf } from '../domain/scalars.ts'
import { Page, pageQuery, Success } from './envelope.ts'
import { AGED, MaxAge, ServedSignal } from './signals.ts'

/** Ranks ascend and unranked coins come last; every other key descends, nulls last; ties by coinId. */
export const COIN_SORTS = ['marketCapRank', 'marketCapUsd', 'volumeUsd24h', 'change24h', 'updated'] as const
export type CoinSort = (typeof COIN_SORTS)[number]

const { sparkline: _sparkline, ...shown } = Quote.properties

/** A coin as served: its latest observation, without the sparkline. */
export const Coin = Type.Object({ ...shown, ...AGED }, { additionalProperties: false })
export type Coin = Static<typeof Coin>

/** A coin's ticker. Case does not matter, and a third of all coins share theirs with others. */
const TickerSymbol = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'Shared by many coins; case does not matter',
})

export const SymbolParams = Type.Object({ symbol: TickerSymbol }, { additionalProperties: false })
export type SymbolParams = Static<typeof SymbolParams>

export const CoinsQuery = Type.Object(
  {
    ...pageQuery(50),
    sort: OneOf(COIN_SORTS, { default: 'marketCapRank' }),
    symbol: Type.Optional(TickerSymbol),
    max_age: Type.Optional(MaxAge),
  },
  { additionalProperties: false },
)
export type CoinsQuery = Static<typeof CoinsQuery>

export const CoinsPage = Page(Coin)

/** A coin and its primary signal, which is null until it was scored. */
export const CoinDetail = Success(
  Type.Object({ ...Coin.properties, signal: Nullable(ServedSignal) }, { additionalProperties: false }),
  {},
)
