import { type Static, Type } from '@sinclair/typebox'
import { Instant, Nullable, OneOf, SourceName } from '../domain/scalars.ts'

export const HEALTH_STATES = ['OK', 'WARNING', 'ERROR'] as const
export const HealthState = OneOf(HEALTH_STATES)
export type HealthState = (typeof HEALTH_STATES)[number]

const whole = Type.Integer({ minimum: 0 })

const Backing = Type.Object(
  { status: HealthState, adapter: Type.String(), latencyMs: Nullable(Type.Number({ minimum: 0 })) },
  { additionalProperties: false },
)

/** How a market source is doing: written by ingestion, read by whoever answers for the system's health. */
export const SourceStatus = Type.Object(
  {
    name: SourceName,
    simulated: Type.Boolean(),
    attribution: Type.String(),
    state: OneOf(['starting', 'ok', 'limited', 'failing']),
    lastSuccessAt: Nullable(Instant),
    lastError: Nullable(Type.String({ maxLength: 300 })),
    universe: Type.Integer({ minimum: 0, description: 'Coins the source lists' }),
    sweep: Nullable(
      Type.Object(
        {
          startedAt: Instant,
          finishedAt: Nullable(Instant),
          chunksDone: whole,
          chunksTotal: whole,
          rowsGood: whole,
          rowsBad: whole,
        },
        { additionalProperties: false },
      ),
    ),
    /** When a sweep of all coins last came to its end. */
    sweptAt: Nullable(Instant),
    nextSweepAt: Nullable(Instant),
    budget: Type.Object(
      {
        perMinute: whole,
        minuteLeft: whole,
        perMonth: Nullable(whole),
        monthLeft: Nullable(whole),
        blockedUntil: Nullable(Instant),
      },
      { additionalProperties: false },
    ),
    updatedAt: Instant,
  },
  { additionalProperties: false },
)
export type SourceStatus = Static<typeof SourceStatus>

export const Health = Type.Object(
  {
    success: Type.Boolean({ description: 'true when status is OK' }),
    status: HealthState,
    reasons: Type.Array(Type.String(), { description: 'Why the status is not OK; empty when it is' }),
    timestamp: Instant,
    uptime: Type.Number({ minimum: 0, description: 'Seconds' }),
    version: Type.String(),
    memory: Type.Object(
      { rssBytes: whole, heapUsedBytes: whole, heapTotalBytes: whole },
      { additionalProperties: false },
    ),
    database: Backing,
    redis: Backing,
    bus: Backing,
    sources: Type.Array(SourceStatus),
    metrics: Type.Object(
      { coins: whole, signals: whole, alerts: whole, dataVersion: Type.String() },
      { additionalProperties: false },
    ),
    meta: Type.Object({ source: OneOf(['live', 'simulated']) }, { additionalProperties: false }),
  },
  { additionalProperties: false },
)
export type Health = Static<typeof Health>
