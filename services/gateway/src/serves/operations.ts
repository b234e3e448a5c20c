import { operationRoutes, Readiness, type Server } from '@crypto-signals/service'
import { Type } from '@sinclair/typebox'
import type { Registry } from 'prom-client'
import { canServe, statesOf } from '../readiness.ts'
import type { Services } from '../upstream.ts'

interface OperationOptions {
  behind: Services
  metrics: Registry
  metricsPublic: boolean
}

/** `/livez`, `/readyz` and `/metrics` of the public door, ready when the services behind it can serve. */
export function gatewayOperations(app: Server, { behind, metrics, metricsPublic }: OperationOptions): void {
  operationRoutes(app, {
    metrics,
    metricsPublic,
    schema: Ready,
    async readiness() {
      const states = await statesOf(behind)
      return { ready: canServe(states), services: { ...states.upstreams, ...states.feeders } }
    },
  })
}

const Ready = Type.Object({ ready: Type.Boolean(), services: Type.Record(Type.String(), Readiness) })
