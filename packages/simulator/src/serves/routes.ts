import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { surprised } from '../faults/surprise.ts'
import { hash } from '../market/hash.ts'
import { type Answerer, type Asked, isRefusal, type SimulatedSource } from '../sources/source.ts'
import type { View } from '../world/view.ts'
import type { Door, TurnedAway } from './door.ts'

/** The routes of one source below its base URL. */
export const routesOf =
  (source: SimulatedSource, view: View, door: Door): FastifyPluginAsync =>
  async (app) => {
    for (const [path, answerer] of Object.entries(source.open(view))) {
      app.get(path, (request, reply) => {
        const asked = askedBy(request)
        const turned = door.turnedAway(path.replace(/(.)\/$/, '$1'), Number(asked.query('limit')) || 0)
        return turned === null ? answer(reply, asked, answerer, view) : turnAway(reply, turned)
      })
    }
  }

const answer = (reply: FastifyReply, asked: Asked, answerer: Answerer, view: View) => {
  const body = answerer(asked)
  if (isRefusal(body)) return reply.code(body.refused).send(body.body)
  const now = view.world.clock.now()
  const [surprise] = view.faults('surprises', now)
  return reply.send(
    surprise === undefined ? body : surprised(body, surprise.share, hash(view.world.seed, now % 2 ** 31)),
  )
}

const turnAway = (reply: FastifyReply, turned: TurnedAway) => {
  // Whoever asked is left waiting until they hang up.
  if (turned === 'silence') return reply.hijack()
  if (turned.retryAfterS !== null) reply.header('retry-after', String(turned.retryAfterS))
  return reply.code(turned.status).send(turned.body)
}

const askedBy = (request: FastifyRequest): Asked => {
  const query = request.query as Readonly<Record<string, string | readonly string[] | undefined>>
  const params = request.params as Readonly<Record<string, string | undefined>>
  return {
    // Of a parameter given twice the last counts.
    query: (name) => {
      const value = query[name]
      return (typeof value === 'string' ? value : value?.at(-1)) ?? ''
    },
    param: (name) => params[name] ?? '',
    header: (name) => request.headers[name] as string | undefined,
  }
}
