import { processEnvironment } from '@crypto-signals/service'
import { type Static, Type } from '@sinclair/typebox'

/** What the public door reads from the environment. */
export const GatewayConfig = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000 }),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  API_URL: Type.Optional(Type.String({ pattern: '^https?://', description: 'Server address written into OpenAPI' })),
  RATE_LIMIT_PER_MINUTE: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 600 }),
  STREAMS_PER_ADDRESS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
    description: 'Streams, SSE and WebSocket together, that an address may have at a time',
  }),
  CORS_ORIGINS: Type.String({
    default: '*',
    description: 'Comma list of origins whose pages may read and set alerts; * lets every page read',
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description: 'Comma list of addresses or CIDRs whose X-Forwarded-For is believed',
  }),
  METRICS_PUBLIC: Type.Boolean({ default: false, description: 'Serve /metrics to everybody, not to loopback alone' }),
})
export type GatewayConfig = Static<typeof GatewayConfig>

const ADDRESS = 'http://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?/?'

const addresses = (service: string) =>
  Type.String({
    maxLength: 2_000,
    pattern: `^ *${ADDRESS} *(, *${ADDRESS} *)*$`,
    description: `Where ${service} answers: a comma list; each address that a name stands for counts`,
  })

/** What a gateway process of its own reads from the environment. */
export const GatewayProcessConfig = Type.Object({
  ...processEnvironment(3000),
  ...GatewayConfig.properties,
  QUERY_API_URL: addresses('query-api'),
  ALERTING_URL: addresses('alerting'),
})
export type GatewayProcessConfig = Static<typeof GatewayProcessConfig>

/** The parts of a comma list, without blanks. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
