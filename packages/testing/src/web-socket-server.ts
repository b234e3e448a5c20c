import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Frame, frameOf, framesIn, OPCODES } from './web-socket-frames.ts'

/** A WebSocket server (RFC 6455) on this machine that does just what it is told: also what no server should. */
export interface TestWebSocketServer extends AsyncDisposable {
  readonly url: string
  /** Every connection so far, in order. */
  readonly peers: readonly Peer[]
  /** Tries to connect so far, the refused ones included. */
  readonly tries: number
  /** Answers tries with this status instead; null takes them. 0 leaves them without an answer. */
  refuseWith: number | null
}

export interface Peer {
  readonly path: string
  /** What came from the other side. */
  readonly frames: readonly Frame[]
  readonly isOpen: boolean
  send(text: string): void
  sendBytes(bytes: Uint8Array): void
  ping(): void
  /** With a goodbye. */
  close(code: number): void
  /** Without one. */
  cut(): void
}

export async function startWebSocketServer(): Promise<TestWebSocketServer> {
  const server = createServer()
  const peers: Peer[] = []
  const waiting = new Set<Duplex>()
  const started = { url: '', peers, tries: 0, refuseWith: null as number | null }
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    started.tries++
    socket.on('error', () => socket.destroy())
    if (started.refuseWith === 0) waiting.add(socket)
    else if (started.refuseWith !== null) refuse(socket, started.refuseWith)
    else peers.push(accept(socket, request))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  started.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(started, {
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        for (const socket of waiting) socket.destroy()
        for (const peer of peers) peer.cut()
        server.close(() => resolve())
      }),
  })
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

const refuse = (socket: Duplex, status: number) => void socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\n\r\n`)

function accept(socket: Duplex, { url = '', headers }: IncomingMessage): Peer {
  socket.write(handshakeFor(headers['sec-websocket-key'] ?? ''))
  return peerOn(socket, url)
}

const handshakeFor = (key: string) =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'upgrade: websocket',
    'connection: Upgrade',
    `sec-websocket-accept: ${createHash('sha1')
      .update(key + GUID)
      .digest('base64')}`,
    '\r\n',
  ].join('\r\n')

function peerOn(socket: Duplex, path: string): Peer {
  const frames: Frame[] = []
  let rest: Buffer = Buffer.alloc(0)
  let isOpen = true
  socket.on('data', (bytes: Buffer) => {
    const read = framesIn(Buffer.concat([rest, bytes]))
    rest = read.rest
    frames.push(...read.frames)
    if (read.frames.some(({ opcode }) => opcode === OPCODES.close)) socket.end(frameOf(OPCODES.close, Buffer.alloc(0)))
  })
  socket.on('close', () => {
    isOpen = false
  })
  const send = (opcode: number, payload: Uint8Array) => void socket.write(frameOf(opcode, payload))
  return {
    path,
    frames,
    get isOpen() {
      return isOpen
    },
    send: (text) => send(OPCODES.text, Buffer.from(text)),
    sendBytes: (bytes) => send(OPCODES.binary, bytes),
    ping: () => send(OPCODES.ping, Buffer.from('there?')),
    close: (code) => send(OPCODES.close, Buffer.from([code >> 8, code & 255])),
    cut: () => void socket.destroy(),
  }
}
