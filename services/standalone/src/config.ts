import { ALERTING_ENVIRONMENT } from '@crypto-signals/alerting'
import { GatewayConfig } from '@crypto-signals/gateway'
import { INGESTION_ENVIRONMENT } from '@crypto-signals/ingestion'
import { processEnvironment } from '@crypto-signals/service'
import { type Static, Type } from '@sinclair/typebox'

/** All that the one-process form reads from the environment. */
export const StandaloneConfig = Type.Object({
  ...processEnvironment(3000),
  ...GatewayConfig.properties,
  ...INGESTION_ENVIRONMENT,
  ...ALERTING_ENVIRONMENT,
})
export type StandaloneConfig = Static<typeof StandaloneConfig>
