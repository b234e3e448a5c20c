import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Readiness } from '@crypto-signals/service'

interface Seen {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

/** A replica of a service as a test wants it: what it says of itself, and what it does to whoever asks it anything else. */
export interface TestReplica extends AsyncDisposable {
  readonly url: string
  /** Everything that was asked, other than how it is. */
  readonly seen: Seen[]
  /** How often it was looked at. */
  looks: number
  readiness: Readiness
  document: unknown
  /** Called for all that is asked. */
  answer: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Called for those who want to speak another protocol; without it they are answered as all others. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Refuses connections and breaks those there are, as a process that was killed. */
  die(): Promise<void>
  /** Listens again, at the same port. */
  rise(): Promise<void>
}

export async function startReplica(
  changes: Partial<Pick<TestReplica, 'readiness' | 'document' | 'answer' | 'upgrade'>> = {},
): Promise<TestReplica> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => void serve(replica, request, response))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const { upgrade } = changes
  if (upgrade !== undefined) server.on('upgrade', upgrade)
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const replica: TestReplica = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    looks: 0,
    readiness: { ready: true, reasons: [], counts: { coins: 1, signals: 4 } },
    document: { openapi: '3.1.0', paths: {} },
    answer: (_request, response) => json(response, 200, { success: true }),
    ...changes,
    async die() {
      if (!server.listening) return
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.resetAndDestroy()
      await closed
    },
    rise: () => listen(port),
    async [Symbol.asyncDispose]() {
      await this.die()
    },
  }
  return replica
}

async function serve(replica: TestReplica, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url, method, headers } = request
  if (url === '/readyz') {
    json(response, replica.readiness.ready ? 200 : 503, replica.readiness)
    replica.looks++
  } else if (url === '/openapi.json') json(response, 200, replica.document)
  else {
    const body = Buffer.concat(await request.toArray()).toString()
    replica.seen.push({ method, url, headers, body })
    replica.answer(request, response)
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))
}
