import type { Readable } from 'node:stream'
import type { Clock } from '@crypto-signals/clock'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Flow, isFlow, isTunnel, type Open } from '../flow.ts'
import { WEB_SOCKET_PATH } from '../live-paths.ts'
import type { Answer, Question } from '../question.ts'
import { joinTunnel, takeUpgrades, type Upgrade } from './upgrade.ts'

interface PipingOptions {
  /** Whole markets, by path. */
  ending: readonly string[]
  /** Streams that last until somebody ends them, as SSE and over a WebSocket. */
  endless: readonly string[]
  clock: Clock
}

/**
 * Routes of a service in another process whose answers are handed on while they come: as fast as the caller reads them, and for no
 * longer than he stays.
 */
export function pipingRoutes({ ending, endless, clock }: PipingOptions, open: Open): FastifyPluginAsync {
  return async (app) => {
    const living = createLiving()
    const upgradeOf = takeUpgrades(app, WEB_SOCKET_PATH)
    // What has no end of its own would keep the server from closing.
    app.addHook('preClose', (done) => {
      living.endAll()
      done()
    })
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort(GONE))
      const upgrade = upgradeOf(request.raw)
      const isEndless = endless.includes(request.routeOptions.url ?? '')
      const asked = () => open(questionOf(request, upgrade), { kind: isEndless ? 'told' : 'made', signal: gone.signal })
      const opened = await openedUnless(gone.signal, asked)
      // Nobody is left to be told anything.
      if (opened === undefined) return reply.hijack()
      if (isTunnel(opened)) {
        living.add(opened.socket, joinTunnel(opened, reply, upgrade as Upgrade, clock))
        return reply
      }
      if (!isFlow(opened)) return reply.code(opened.status).headers(opened.headers).send(opened.body)
      const end = handOn(opened, reply)
      if (isEndless) living.add(opened.body, end)
      return reply
    }
    const route = { schema: { hide: true }, config: { endless: true }, handler }
    for (const url of ending) app.route({ ...route, method: ['GET', 'HEAD'], url })
    for (const url of endless) app.route({ ...route, method: 'GET', url, exposeHeadRoute: false })
  }
}

// Without a reason of its own each abort makes an exception with its stack.
const GONE = Symbol('gone')

/** Undefined if the caller went away meanwhile. */
async function openedUnless(signal: AbortSignal, open: () => ReturnType<Open>) {
  try {
    const opened = await open()
    if (!signal.aborted) return opened
    if (isTunnel(opened)) opened.socket.destroy()
    else if (isFlow(opened)) opened.body.destroy()
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return undefined
}

/** What has no end of its own, and what ends it. */
function createLiving() {
  const ends = new Set<() => void>()
  let isOver = false
  return {
    /** One that began to be opened before all were ended, and is there only now, is ended too. */
    add(stream: Readable, end: () => void) {
      if (isOver) return end()
      ends.add(end)
      stream.once('close', () => ends.delete(end))
    },
    endAll() {
      isOver = true
      for (const end of ends) end()
    },
  }
}

/** Nothing else that the caller says reaches a service: not who he claims to be. */
function questionOf({ id, method, originalUrl, headers: given }: FastifyRequest, upgrade?: Upgrade): Question {
  const told = TOLD.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]] as const] : []))
  const headers = { ...Object.fromEntries(told), 'x-request-id': id, ...(upgrade === undefined ? {} : UPGRADE) }
  return { method, path: originalUrl, headers, body: null }
}

const TOLD = [
  'accept',
  'accept-encoding',
  'if-none-match',
  'last-event-id',
  'sec-websocket-key',
  'sec-websocket-version',
] as const

const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket' }

/** Hands the body on, and gives what ends that between two messages of it. One that breaks off is broken off. */
function handOn({ status, headers, body }: Flow, reply: FastifyReply): () => void {
  const { raw } = reply.hijack()
  let isBetween = true
  raw.writeHead(status, headersOf(reply, headers)).flushHeaders()
  body.on('data', (chunk: Buffer) => {
    isBetween = chunk.at(-1) === LINE_END && chunk.at(-2) === LINE_END
  })
  body.pipe(raw)
  // That it broke shows in its end.
  body.on('error', () => undefined)
  body.once('close', () => raw.writableEnded || raw.destroy())
  raw.on('error', () => undefined)
  raw.once('close', () => body.destroy())
  return () => {
    body.unpipe(raw)
    raw.end(isBetween ? `retry: ${Math.round(RETRY_MS * (1 + 4 * Math.random()))}\n\n` : undefined)
    body.destroy()
  }
}

const LINE_END = 0x0a

// To five times that: they must not all come to the next gateway in the same moment.
const RETRY_MS = 1_000

function headersOf(reply: FastifyReply, headers: Answer['headers']): Record<string, string | string[] | number> {
  const own = reply.getHeaders() as Record<string, string>
  const vary = [own.vary, headers.vary].filter((names) => names !== undefined)
  return { ...own, ...headers, ...(vary.length === 0 ? {} : { vary: vary.join(', ') }) }
}
