import { type Static, Type } from '@sinclair/typebox'

/** What the public door reads from the environment. */
export const GatewayConfig = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000 }),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  API_URL: Type.Optional(Type.String({ pattern: '^https?://', description: 'Server address written into OpenAPI' })),
  RATE_LIMIT_PER_MINUTE: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 600 }),
  CORS_ORIGINS: Type.String({ default: '*', description: 'Comma list of origins; * lets every page read' }),
  TRUST_PROXY: Type.String({
    default: '',
    description: 'Comma list of addresses or CIDRs whose X-Forwarded-For is believed',
  }),
  METRICS_PUBLIC: Type.Boolean({ default: false, description: 'Serve /metrics to everybody, not to loopback alone' }),
})
export type GatewayConfig = Static<typeof GatewayConfig>

/** The parts of a comma list, without blanks. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
