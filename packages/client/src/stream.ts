import { ApiError, badAnswer } from './api-error.ts'
import type { Clock } from './clock.ts'
import { messagesIn } from './messages.ts'
import { report } from './report.ts'
import { createBackOff, isRefusal } from './retry.ts'
import type { Transport } from './transport.ts'
import type { StreamMessage } from './types.ts'

/** `waiting`: the connection is gone, and the next try is not due yet. */
export type StreamState = 'connecting' | 'open' | 'waiting'

export interface StreamOptions {
  /** The version that the caller holds: what changed since is told. Without it, what changes from now on. */
  since?: string | undefined
  /** Begin with all rows as they are. */
  snapshot?: boolean | undefined
  /** Ends the stream: the iteration is then done. */
  signal?: AbortSignal | undefined
  /** Told each change of state; of `waiting` also why, if it was not the server's wish. */
  onState?: ((state: StreamState, error?: ApiError) => void) | undefined
}

/** Where a stream is to begin. */
export interface Cursor {
  since: string | undefined
  snapshot: boolean
  lastEventId: string | undefined
}

export interface Streaming {
  transport: Transport
  clock: Clock
  random: () => number
  requestOf: (cursor: Cursor, signal: AbortSignal | undefined) => Request
}

/** Servers say something every 10 s. */
const IDLE_MS = 30_000

/** The messages from the cursor on. Comes back for ever after faults, where it was; rejects only when the server refuses. */
export async function* followStream(streaming: Streaming, options: StreamOptions): AsyncGenerator<StreamMessage, void> {
  const { clock, random, requestOf } = streaming
  const { since, snapshot = false, signal } = options
  const backOff = createBackOff(random)
  const cursor: Cursor = { since, snapshot, lastEventId: undefined }
  const tell = (state: StreamState, error?: ApiError) => report(() => options.onState?.(state, error))
  for (;;) {
    if (signal?.aborted) return
    tell('connecting')
    let fault: ApiError | undefined
    const beganAt = clock.now()
    try {
      for await (const message of onConnection(streaming, requestOf(cursor, signal), {
        tell,
        onRetry: backOff.begin,
      })) {
        moveOn(cursor, message)
        // A server that only ever greets is not well.
        if (message.event === 'changes' || message.event === 'alert') backOff.reset()
        // What came in one piece with a message that made the caller leave is not for him any more.
        if (signal?.aborted) return
        yield message
      }
    } catch (error) {
      if (signal?.aborted) return
      if (!(error instanceof ApiError) || isRefusal(error)) throw error
      fault = error
    }
    if (clock.now() - beganAt > IDLE_MS) backOff.reset()
    tell('waiting', fault)
    await clock.sleep(backOff.next(fault?.retryAfterMs), signal).catch(() => {})
  }
}

interface Told {
  tell: (state: StreamState) => void
  onRetry: (ms: number) => void
}

async function* onConnection({ transport }: Streaming, request: Request, { tell, onRetry }: Told) {
  const { response, text, close } = await transport.openOnce(request)
  try {
    const type = response.headers.get('content-type')
    if (!type?.startsWith('text/event-stream')) throw badAnswer(`The stream is no text/event-stream but ${type}`)
    tell('open')
    yield* messagesIn(text(IDLE_MS), onRetry)
  } finally {
    close()
  }
}

function moveOn(cursor: Cursor, { event, id }: StreamMessage): void {
  if (event === 'reset') {
    // Until all rows have come there is nothing to go on from: broken off before, it begins anew.
    cursor.since = undefined
    cursor.lastEventId = undefined
    cursor.snapshot = true
  }
  if (id) cursor.lastEventId = id
}
