import type { Bus } from '@crypto-signals/bus'
import type { Cache } from '@crypto-signals/cache'
import type { Clock } from '@crypto-signals/clock'
import type { Store } from '@crypto-signals/store'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'

/** What every service is handed: the world, behind ports. */
export interface Ports {
  bus: Bus
  store: Store
  cache: Cache
  clock: Clock
  log: Logger
  metrics: Registry
}

/** One service, built and not yet running. */
export interface Service {
  readonly name: string
  /** Hydrates from the store, then takes part. Resolves when it can do its work; when it rejects, it may be called again. */
  start(): Promise<void>
  /** Takes nothing new, finishes what it holds; may be called again. */
  stop(): Promise<void>
  readiness(): Promise<Readiness>
}

/** A service that serves HTTP too. */
export interface HttpService extends Service {
  /** Its routes, with their full paths. */
  readonly routes: FastifyPluginAsync
}

export const Readiness = Type.Object({
  ready: Type.Boolean(),
  reasons: Type.Array(Type.String(), {
    description: 'Why it is not ready, or what is wrong though it is; empty when all is well',
  }),
  counts: Type.Record(Type.String(), Type.Number(), {
    description: 'What it holds, by name: coins, signals, alerts, ...',
  }),
  version: Type.Optional(Type.String({ description: 'The version of the data it serves, if it serves any' })),
})
export type Readiness = Static<typeof Readiness>
