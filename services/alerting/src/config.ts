import { processEnvironment } from '@crypto-signals/service'
import { Type } from '@sinclair/typebox'

/** What the service reads from the environment wherever it runs. */
export const ALERTING_ENVIRONMENT = {
  MAX_ALERTS: Type.Integer({
    minimum: 1,
    maximum: 10_000_000,
    default: 100_000,
    description: 'Rules there may be at once',
  }),
}

/** What a process of this service alone reads from the environment. */
export const AlertingConfig = Type.Object({ ...processEnvironment(3002), ...ALERTING_ENVIRONMENT })
