import { type Static, Type } from '@sinclair/typebox'
import { MarketIndex } from '../domain/market-index.ts'
import { FIELD_GROUPS } from '../domain/origin.ts'
import { Instant, Nullable, OneOf, SourceName } from '../domain/scalars.ts'
import { UnversionedMeta } from './envelope.ts'
import { AgeMs } from './signals.ts'

const whole = Type.Integer({ minimum: 0 })

const Attribution = Type.Object(
  { text: Type.String({ maxLength: 300 }), url: Type.String({ maxLength: 300 }) },
  { additionalProperties: false, description: 'To be shown beside what the source says' },
)

const FeedStatus = Type.Object(
  {
    name: Type.String({ maxLength: 64 }),
    everyMs: Type.Integer({ minimum: 0, description: 'From one round to the next, as now planned; 0 for a stream' }),
    startedAt: Nullable(Instant),
    finishedAt: Nullable(Instant),
    nextAt: Nullable(Instant),
    callsDone: whole,
    callsTotal: whole,
    rowsGood: whole,
    rowsBad: whole,
  },
  { additionalProperties: false },
)

const Sweep = Type.Object(
  {
    startedAt: Instant,
    finishedAt: Nullable(Instant),
    chunksDone: whole,
    chunksTotal: whole,
    rowsGood: whole,
    rowsBad: whole,
  },
  { additionalProperties: false },
)

const Budget = Type.Object(
  {
    perMinute: whole,
    minuteLeft: whole,
    perMonth: Nullable(whole),
    monthLeft: Nullable(whole),
    blockedUntil: Nullable(Instant),
    exhaustsAt: Nullable(Instant),
  },
  {
    additionalProperties: false,
    description:
      'Calls a minute and credits a calendar month (UTC); `exhaustsAt`: when these end at the present rate, null if not before the month does',
  },
)

/** How a market source is doing: written by ingestion, read by whoever answers for the system's health. Never holds a key. */
export const SourceStatus = Type.Object(
  {
    name: SourceName,
    title: Type.String({ maxLength: 64 }),
    kind: OneOf(['aggregator', 'exchange', 'dex', 'index']),
    simulated: Type.Boolean(),
    attribution: Attribution,
    terms: Type.String({ maxLength: 300 }),
    access: OneOf(['open', 'free-key']),
    fields: Type.Array(OneOf(['price', ...FIELD_GROUPS]), { description: 'What it can say of a coin' }),
    state: OneOf(['starting', 'ok', 'limited', 'failing']),
    connected: Nullable(Type.Boolean({ description: 'Whether its stream stands; null where it has none' })),
    lastSuccessAt: Nullable(Instant),
    lastError: Nullable(Type.String({ maxLength: 300 })),
    lagMs: Type.Integer({ minimum: 0, description: 'How long its latest feed is overdue; 0 if all are in time' }),
    universe: Type.Integer({ minimum: 0, description: 'Coins the source lists; 0 where it is not asked for a list' }),
    coins: Type.Integer({ minimum: 0, description: 'Coins it is known to price' }),
    heldBack: Type.Integer({ minimum: 0, description: 'Prices not believed, since the process started' }),
    feeds: Type.Array(FeedStatus),
    /** Of the base source alone: its rounds through all coins. */
    sweep: Nullable(Sweep),
    /** When a sweep of all coins last came to its end. */
    sweptAt: Nullable(Instant),
    nextSweepAt: Nullable(Instant),
    budget: Budget,
    updatedAt: Instant,
  },
  { additionalProperties: false },
)
export type SourceStatus = Static<typeof SourceStatus>

/** Every source that has reported, by name. */
export const SourcesList = Type.Object(
  { success: Type.Literal(true), data: Type.Array(SourceStatus), count: whole, meta: UnversionedMeta },
  { additionalProperties: false },
)
export type SourcesList = Static<typeof SourcesList>

const { index: _index, ...figure } = MarketIndex.properties

/** Figures of the whole market, each null while it is not known. */
export const MarketFigures = Type.Object(
  {
    success: Type.Literal(true),
    data: Type.Object(
      { fearGreed: Nullable(Type.Object({ ...figure, ageMs: AgeMs }, { additionalProperties: false })) },
      { additionalProperties: false },
    ),
    meta: UnversionedMeta,
  },
  { additionalProperties: false },
)
export type MarketFigures = Static<typeof MarketFigures>
