import type { Socket } from 'node:net'
import { Agent, buildConnector, WebSocket } from 'undici'

/** One WebSocket connection. */
export interface Connection {
  /** Resolves when it is open; rejects if it never is. */
  readonly opened: Promise<void>
  /** Resolves with the reason when it is over. */
  readonly ended: Promise<string>
  /** Says goodbye and waits for no answer. Nothing is handed on from here. */
  close(reason: string): void
}

/** Connects. Pings are answered; nothing is ever sent. `hand` gets each message in order: its text, or null if it is not text. */
export function connect(url: string, hand: (text: string | null) => void): Connection {
  const { agent, hangUp } = agentFor()
  const socket = new WebSocket(url, { dispatcher: agent })
  const opened = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  // Whoever waits for the end alone is told there.
  opened.promise.catch(() => {})
  let isOver = false
  let failure = ''
  const over = (reason: string) => {
    if (isOver) return
    isOver = true
    opened.reject(new Error(reason))
    ended.resolve(reason)
    socket.close()
    hangUp()
    void agent.destroy()
  }
  socket.addEventListener('open', () => opened.resolve())
  socket.addEventListener('message', ({ data }) => {
    if (!isOver) hand(typeof data === 'string' ? data : null)
  })
  socket.addEventListener('error', ({ message }) => {
    failure ||= message
  })
  socket.addEventListener('close', ({ code, reason }) =>
    over([`closed (${code})`, reason || failure].filter(Boolean).join(': ')),
  )
  return {
    opened: opened.promise,
    ended: ended.promise,
    close: over,
  }
}

/** 2,000 changed pairs are a fifth of a megabyte. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024

/** An agent of one connection, and the way to end that: a peer that is gone never answers a goodbye, and undici would wait for it. */
function agentFor() {
  const connector = buildConnector({ allowH2: false })
  let raw: Socket | null = null
  const agent = new Agent({
    webSocket: { maxPayloadSize: MAX_MESSAGE_BYTES },
    connect: (options, callback) =>
      connector(options, (...result) => {
        raw = result[1]
        callback(...result)
      }),
  })
  return { agent, hangUp: () => raw?.destroySoon() }
}
