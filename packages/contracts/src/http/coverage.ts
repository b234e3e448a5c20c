import { type Static, Type } from '@sinclair/typebox'
import { FRESHNESS } from '../domain/freshness.ts'
import { Nullable, OneOf, SourceName } from '../domain/scalars.ts'
import { Success } from './envelope.ts'
import { AgeMs } from './signals.ts'

/** Where a coin stands in the market: the first of these that holds. */
export const TIERS = ['exchange', 'top500', 'ranked', 'tail'] as const
export type Tier = (typeof TIERS)[number]

const count = Type.Integer({ minimum: 0 })

/** Ages of prices in ms by nearest rank: half of them are no older than p50. */
export const AgePercentiles = Type.Object(
  { p50: AgeMs, p90: AgeMs, p99: AgeMs, max: AgeMs },
  {
    additionalProperties: false,
    description: 'Of the prices that are not dead: nobody trades those coins any more. `freshness` counts them',
  },
)
export type AgePercentiles = Static<typeof AgePercentiles>

const byFreshness = Object.fromEntries(FRESHNESS.map((name) => [name, count])) as Record<
  (typeof FRESHNESS)[number],
  typeof count
>

const reach = {
  listed: Type.Integer({ minimum: 0, description: 'Coins that exist' }),
  priced: Type.Integer({ minimum: 0, description: 'Of these, with a price of any age' }),
  scored: Type.Integer({ minimum: 0, description: 'Of these, with signals' }),
  freshness: Type.Object(byFreshness, { additionalProperties: false, description: 'Priced coins by freshness' }),
  ageMs: Nullable(AgePercentiles),
}

const ByTier = Type.Object(
  {
    tier: OneOf(TIERS, {
      description:
        'exchange: an exchange said something of the coin since the replica started; else top500: among the 500 largest; else ranked: has a rank; else tail',
    }),
    ...reach,
  },
  { additionalProperties: false },
)

const BySource = Type.Object(
  {
    source: SourceName,
    priced: Type.Integer({ minimum: 0, description: 'Coins whose price in use is from it' }),
    used: Type.Integer({ minimum: 0, description: 'Coins of which anything in use is from it' }),
    ageMs: Nullable(AgePercentiles),
  },
  { additionalProperties: false },
)

/** How much of the market is known and how old it is, worked out at most once a second. */
export const Coverage = Success(
  Type.Object({ ...reach, tiers: Type.Array(ByTier), sources: Type.Array(BySource) }, { additionalProperties: false }),
  {},
)
export type Coverage = Static<typeof Coverage>
