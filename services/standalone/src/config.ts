import { GatewayConfig } from '@crypto-signals/gateway'
import { INGESTION_ENVIRONMENT } from '@crypto-signals/ingestion'
import { ENGINES_ENVIRONMENT } from '@crypto-signals/service'
import { type Static, Type } from '@sinclair/typebox'

const text = (options: object = {}) => Type.String({ minLength: 1, ...options })

/** All that the one-process form reads from the environment. */
export const StandaloneConfig = Type.Object({
  ...GatewayConfig.properties,
  ...INGESTION_ENVIRONMENT,
  ...ENGINES_ENVIRONMENT,
  MARKET_SOURCES: text({
    default: 'auto',
    pattern: '^(auto|simulator|coingecko)$',
    description: '`auto`: every free source, and the simulator only if none answers and NODE_ENV is not production',
  }),
  NODE_ENV: Type.Optional(text()),
  LOG_LEVEL: text({ default: 'info', pattern: '^(fatal|error|warn|info|debug|trace|silent)$' }),
  LOG_DIR: Type.Optional(text()),
  MAX_ALERTS: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 100_000 }),
})
export type StandaloneConfig = Static<typeof StandaloneConfig>
