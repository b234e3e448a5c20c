import type { IncomingHttpHeaders } from 'node:http'
import { httpError } from '@crypto-signals/service'
import type { FastifyInstance } from 'fastify'

/** Of pages: those that are named, or all. */
export type Origins = '*' | readonly string[]

/** Whether a caller is no page, a page of ours, or one that may read. */
export const mayRead = (headers: IncomingHttpHeaders, origins: Origins): boolean =>
  origins === '*' || isOurs(headers) || isNamed(headers, origins)

/**
 * Refuses what would change something, if a page asks it that is neither ours nor named. A browser asks whatever any page tells it to, also
 * of a server that only its own machine can reach: that all may read does not mean that all may write.
 */
export function refuseForeignWrites(app: FastifyInstance, origins: Origins): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, headers } = request
    if (READING.has(method) || isOurs(headers) || (origins !== '*' && isNamed(headers, origins))) return done()
    throw httpError('HTTP_FORBIDDEN', [{ path: 'header/origin', message: 'may not write here' }])
  })
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Who is no page, or one that comes from here. */
function isOurs({ origin, host = '' }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

const isNamed = ({ origin = '' }: IncomingHttpHeaders, origins: readonly string[]) => origins.includes(origin)
