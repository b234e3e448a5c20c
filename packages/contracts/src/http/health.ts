import { type Static, Type } from '@sinclair/typebox'
import { Instant, Nullable, OneOf } from '../domain/scalars.ts'
import { UnversionedMeta } from './envelope.ts'
import { SourceStatus } from './sources.ts'

export const HEALTH_STATES = ['OK', 'WARNING', 'ERROR'] as const
export const HealthState = OneOf(HEALTH_STATES)
export type HealthState = (typeof HEALTH_STATES)[number]

const whole = Type.Integer({ minimum: 0 })

const Backing = Type.Object(
  { status: HealthState, adapter: Type.String(), latencyMs: Nullable(Type.Number({ minimum: 0 })) },
  { additionalProperties: false },
)

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
    meta: UnversionedMeta,
  },
  { additionalProperties: false },
)
export type Health = Static<typeof Health>
