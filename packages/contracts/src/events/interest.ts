import { type Static, Type } from '@sinclair/typebox'
import { CoinId } from '../domain/scalars.ts'

/** Coins that people looked at since the last such event, most looked at first: their sources are asked sooner. */
export const Interest = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 200 }),
    coinIds: Type.Array(CoinId, { minItems: 1, maxItems: 250 }),
  },
  { additionalProperties: false },
)
export type Interest = Static<typeof Interest>
export const interestSubject = () => 'market.interest'
