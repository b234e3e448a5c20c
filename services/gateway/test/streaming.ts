import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { until } from '@crypto-signals/testing'
import { WebSocketServer } from 'ws'
import type { TestReplica } from './replica.ts'

/** Callers of a replica's stream, in the order in which they came. */
export interface TestStreams {
  readonly answer: TestReplica['answer']
  readonly asked: { url: string | undefined; headers: IncomingMessage['headers']; response: ServerResponse }[]
  /** How many of them have gone, or were ended. */
  closed: number
}

/** Answers everything with a stream that has said hello. */
export function createStreams(): TestStreams {
  const streams: TestStreams = {
    asked: [],
    closed: 0,
    answer({ url, headers }, response) {
      response.once('close', () => streams.closed++)
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
      response.write('event: hello\ndata: {}\n\n')
      streams.asked.push({ url, headers, response })
    },
  }
  return streams
}

/** Lets everybody in over a WebSocket, and says what he says in capitals. */
export function createShouters() {
  const server = new WebSocketServer({ noServer: true, maxPayload: 2 ** 26 })
  const asked: IncomingMessage[] = []
  server.on('connection', (peer) => peer.on('message', (said) => peer.send((said as Buffer).toString().toUpperCase())))
  const upgrade: TestReplica['upgrade'] = (request, socket, head) => {
    asked.push(request)
    server.handleUpgrade(request, socket, head, (peer) => server.emit('connection', peer, request))
  }
  return { upgrade, asked, peers: server.clients }
}

/** A caller by bytes, who reads when he wants to. */
export interface RawCaller {
  readonly socket: Socket
  said(): string
}

export async function callRaw(url: string, request: string): Promise<RawCaller> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let said = ''
  socket.on('data', (chunk) => (said += String(chunk))).on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(request, 'latin1')
  return { socket, said: () => said }
}

/** Resolves when a figure has not grown for a while although the event loop went on. */
export async function settled(figure: () => number): Promise<void> {
  let [last, since] = [figure(), 0]
  await until(() => {
    since = figure() === last ? since + 1 : 0
    last = figure()
    return since > 60
  })
}

/** A stream as it comes, and what ends it. */
export async function listen(url: string, init: RequestInit = {}) {
  const gone = new AbortController()
  const answer = await fetch(url, { ...init, signal: gone.signal })
  let [said, isOver] = ['', false]
  const read = async () => {
    for await (const chunk of answer.body ?? []) said += Buffer.from(chunk).toString()
  }
  const reading = read().then(
    () => 'ended',
    () => 'broken',
  )
  void reading.then(() => (isOver = true))
  return { answer, said: () => said, over: () => isOver, reading, leave: () => gone.abort() }
}
