import type { StreamEventName } from '@crypto-signals/contracts'

/** How a message is written for one kind of stream. */
export interface Framing {
  readonly name: 'sse' | 'websocket'
  /** What stands before a message's data and what after; data are JSON of one line. */
  around(event: StreamEventName, id?: string): { head: string; tail: string }
}

/** An event of a text/event-stream. */
export const EVENT_STREAM: Framing = {
  name: 'sse',
  around: (event, id) => ({
    head: `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: `,
    tail: '\n\n',
  }),
}

/** `{event, id?, data}`, the text of one frame. */
export const WEB_SOCKET: Framing = {
  name: 'websocket',
  around: (event, id) => ({
    head: `{"event":"${event}",${id === undefined ? '' : `"id":"${id}",`}"data":`,
    tail: '}',
  }),
}

export function frameOf(framing: Framing, event: StreamEventName, data: object, id?: string): Buffer {
  const { head, tail } = framing.around(event, id)
  return Buffer.from(`${head}${JSON.stringify(data)}${tail}`)
}
