import type { Cache } from '@crypto-signals/cache'
import { httpError } from '@crypto-signals/service'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ASSETS_PATH } from './page.ts'

/**
 * Limits each address to `perMinute` requests, counted in the cache that the replicas share; unknown paths count too, the page's files do not.
 * Every answer tells what is left, in the headers of the current draft (RateLimit, RateLimit-Policy) and of the older one.
 */
export async function limitRequests(app: FastifyInstance, cache: Cache, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    max: perMinute,
    timeWindow: WINDOW_MS,
    store: storeOf(cache),
    errorResponseBuilder: (_request, { after }) =>
      httpError('HTTP_RATE_LIMITED', [{ path: '', message: `more than ${perMinute} in a minute: retry in ${after}` }]),
  })
  const limit = app.rateLimit()
  const policy = `"default";q=${perMinute};w=${WINDOW_MS / 1000}`
  const count = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      await limit.call(app, request, reply)
    } finally {
      tell(reply, policy)
    }
  }
  app.addHook('onRequest', async (request, reply) => {
    if (isUnlimited(request)) return
    // Of who has gone nothing is known any more, not even the address.
    if (!isGone(request)) await count(request, reply)
    // He may have gone meanwhile: who waits for that from here on would wait in vain, and work for nobody.
    if (isGone(request)) reply.hijack()
  })
}

const isGone = ({ raw }: FastifyRequest) => raw.socket.destroyed

const WINDOW_MS = 60_000

// Orchestrators ask these often, and must never be turned away by the traffic of others.
const UNLIMITED = new Set<FastifyRequest['url']>(['/livez', '/readyz'])

/** The files of a page that was counted itself cost next to nothing, and to be left without one breaks the page. */
const isUnlimited = ({ url, routeOptions }: FastifyRequest) =>
  UNLIMITED.has(url) || routeOptions.url === `${ASSETS_PATH}*`

function tell(reply: FastifyReply, policy: string): void {
  const [left, seconds] = [reply.getHeader('ratelimit-remaining'), reply.getHeader('ratelimit-reset')]
  reply.header('ratelimit-policy', policy).header('ratelimit', `"default";r=${Number(left)};t=${Number(seconds)}`)
}

/** The plugin's store, on our cache. It is made by the plugin, hence a class. */
const storeOf = (cache: Cache) =>
  class CacheStore {
    incr(
      key: string,
      done: (error: Error | null, result?: { current: number; ttl: number }) => void,
      windowMs: number,
    ) {
      cache.increment(`limit:${key}`, windowMs).then(
        ({ count, resetMs }) => done(null, { current: count, ttl: resetMs }),
        (error: Error) => done(error),
      )
    }

    child() {
      return this
    }
  }
