import { GatewayConfig } from '@crypto-signals/gateway'
import { INGESTION_ENVIRONMENT } from '@crypto-signals/ingestion'
import { type Static, Type } from '@sinclair/typebox'

const text = (options: object = {}) => Type.String({ minLength: 1, ...options })

/** All that the one-process form reads from the environment. */
export const StandaloneConfig = Type.Object({
  ...GatewayConfig.properties,
  ...INGESTION_ENVIRONMENT,
  DATA_DIR: text({ default: '.data' }),
  MARKET_SOURCES: text({
    default: 'auto',
    pattern: '^(auto|simulator|coingecko)$',
    description: '`auto`: every free source, and the simulator only if none answers and NODE_ENV is not production',
  }),
  NODE_ENV: Type.Optional(text()),
  LOG_LEVEL: text({ default: 'info', pattern: '^(fatal|error|warn|info|debug|trace|silent)$' }),
  LOG_DIR: Type.Optional(text()),
  MAX_ALERTS: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 100_000 }),
  NATS_URL: Type.Optional(notYet('the in-process bus')),
  MONGODB_URI: Type.Optional(notYet('the file in DATA_DIR')),
  REDIS_URL: Type.Optional(notYet('the in-process cache')),
})
export type StandaloneConfig = Static<typeof StandaloneConfig>

// Starting without the server that somebody asked for would look as if it were used.
function notYet(instead: string) {
  return Type.String({ maxLength: 0, description: `Not supported by this version: leave it unset to use ${instead}` })
}
