import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'

type About = Pick<NonNullable<FastifyDynamicSwaggerOptions['openapi']>, 'info' | 'servers' | 'tags'>

/** Makes the OpenAPI 3.1 document of the routes that are registered on `app` after it: `app.swagger()`. */
export async function describeRoutes(app: FastifyInstance, about: About): Promise<void> {
  await app.register(swagger, {
    transform: ({ schema, url }) => ({ schema: asSent(schema), url }),
    openapi: { openapi: '3.1.0', ...about },
  })
}

interface ObjectSchema {
  properties: Record<string, { default?: unknown }>
  required?: string[]
}

/** The schema as it is for the caller, who need not send a parameter that has a default. */
function asSent(schema: FastifySchema): FastifySchema {
  const query = schema?.querystring as ObjectSchema | undefined
  if (query?.required === undefined) return schema
  const required = query.required.filter((name) => query.properties[name]?.default === undefined)
  return { ...schema, querystring: { ...query, required } }
}
