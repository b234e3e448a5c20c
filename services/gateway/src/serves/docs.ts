import { describeRoutes } from '@crypto-signals/service'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { eventsDocument } from '../events-document.ts'
import type { Upstream } from '../upstream.ts'

interface DocsOptions {
  apiUrl: string
  version: string
  upstreams: readonly Upstream[]
}

/**
 * Makes the OpenAPI 3.1 document of the routes registered after it and of what the upstreams document, and serves it with a page to
 * try it on, and beside it the AsyncAPI document of the events.
 */
export async function documentRoutes(app: FastifyInstance, { apiUrl, version, upstreams }: DocsOptions): Promise<void> {
  await describeRoutes(app, {
    info: { title: 'Crypto Signals', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: apiUrl }, { url: '/', description: 'Where this page was opened' }],
    tags: TAGS,
  })
  await app.register(swaggerUi, {
    routePrefix: '/api-docs',
    transformSpecification: ({ paths, ...rest }) => ({
      ...rest,
      paths: Object.assign({}, paths, ...upstreams.map(({ documented }) => documented?.())),
    }),
    // Made anew by the transformation.
    transformSpecificationClone: false,
    staticCSP: true,
    transformStaticCSP: (policy) => policyOf(policy, apiUrl),
    theme: { title: 'Crypto Signals API' },
    uiConfig: { tryItOutEnabled: true, docExpansion: 'list' },
  })
  const events = JSON.stringify(eventsDocument({ apiUrl, version }))
  app.get('/api-docs/events', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(events),
  )
}

/** The page may ask the address that the document names, wherever it was opened; and on a host without TLS it must not ask for TLS. */
function policyOf(policy: string, apiUrl: string): string {
  return `${policy.replace('upgrade-insecure-requests;', '')} connect-src 'self' ${new URL(apiUrl).origin};`
}

const DESCRIPTION = `Scores from 0 (bearish) to 100 (bullish) for every listed coin on four horizons, each with its reasons and its age.
Signals are computed from free market data. They are no financial advice and promise no profit.
\`meta.source\` of each answer is \`simulated\` when the data do not come from real markets.
The sources, and the attribution that is to be shown beside the data of each, are listed by \`GET /api/sources\`.
What happens is told as it happens by \`GET /api/stream\`; all events, also those between the services, are described by AsyncAPI at \`/api-docs/events\`.`

const TAGS = [
  { name: 'signals', description: 'Scores and what they are made of' },
  { name: 'coins', description: 'The market behind the scores' },
  { name: 'alerts', description: 'Rules that fire once when a coin crosses a line' },
  { name: 'live', description: 'The whole market at once, and what changes as it changes' },
  { name: 'operations', description: 'How the system is' },
]
