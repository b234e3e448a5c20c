import type { StreamMessage } from '@crypto-signals/contracts'
import { WebSocket } from 'ws'

/** Somebody who reads a stream over a real connection, and what he was told. */
export interface Reader {
  readonly messages: StreamMessage[]
  /** The id of the last message that had one. */
  readonly id: string | undefined
  /** Resolves when the connection has ended: with its last line, or with the code it was closed with. */
  readonly ended: Promise<string | number>
  close(): void
}

/** Reads server-sent events; rejects with the answer if it is none. */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<Reader> {
  const leaving = new AbortController()
  const answer = await fetch(url, { headers, signal: leaving.signal })
  if (answer.headers.get('content-type') !== 'text/event-stream') {
    throw new Error(`${answer.status} ${await answer.text()}`)
  }
  const messages: StreamMessage[] = []
  const read = async () => {
    let rest = ''
    for await (const text of (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      const blocks = `${rest}${text}`.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const fields = Object.fromEntries(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
        if (fields.event === undefined) rest = `${block}\n`
        else messages.push({ ...fields, data: JSON.parse(fields.data as string) } as unknown as StreamMessage)
      }
    }
    return rest
  }
  return readerOf(
    messages,
    read().catch(() => 'cut'),
    () => leaving.abort(),
  )
}

/** Reads the frames of a WebSocket; rejects with the status if there is none. */
export async function readFrames(url: string): Promise<Reader & { socket: WebSocket }> {
  const socket = new WebSocket(url.replace('http', 'ws'))
  const messages: StreamMessage[] = []
  socket.on('message', (frame: Buffer) => messages.push(JSON.parse(frame.toString()) as StreamMessage))
  const ended = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('error', reject)
  })
  return Object.assign(
    readerOf(messages, ended, () => socket.close()),
    { socket },
  )
}

function readerOf(messages: StreamMessage[], ended: Promise<string | number>, close: () => void): Reader {
  return {
    messages,
    get id() {
      return messages.findLast(({ id }) => id !== undefined)?.id
    },
    ended,
    close,
  }
}
