import type { FastifyInstance } from 'fastify'
import findMyWay, { type HTTPMethod } from 'find-my-way'

/** Remembers each route of `app`, to tell which methods a path takes: Fastify itself answers a wrong method with 404. */
export function allowedMethods(app: FastifyInstance): (path: string) => string[] {
  const methodsOf = new Map<string, Set<string>>()
  const router = findMyWay({ maxParamLength: 16 * 1024 })
  app.addHook('onRoute', ({ url, method }) => {
    // A plugin's answer to OPTIONS on whatever path makes no path known.
    if (url === '*') return
    const known = methodsOf.get(url)
    const methods = known ?? new Set<string>()
    for (const name of [method].flat()) methods.add(name)
    if (known !== undefined) return
    methodsOf.set(url, methods)
    router.on(ANY, url, () => undefined, methods)
  })
  return (path) => [...((router.find(ANY, path)?.store as Set<string> | undefined) ?? [])].sort()
}

const ANY: HTTPMethod = 'GET'
