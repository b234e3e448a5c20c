import type { SourceTools, StreamState } from '../source.ts'
import { connect } from './socket.ts'
import { createPace } from './stream-pace.ts'

export interface StreamOptions {
  url: string
  tools: Pick<SourceTools, 'clock' | 'random'>
  /** How long after its beginning a connection is replaced: before the peer ends it. */
  renewAfterMs: number
  told: (state: StreamState) => void
  /** Takes a message, in order; undefined where it is not JSON. Says `renew` if the connection is about to end. */
  take: (message: unknown, receivedAt: number) => 'go on' | 'renew'
}

/**
 * Keeps a WebSocket connected until `signal` is aborted: at most one try a second, less often the more of them fail. One that is due to
 * end is left only when the next is open, and one that has been silent for a minute is given up.
 */
export async function runStream(options: StreamOptions, signal: AbortSignal): Promise<void> {
  const { told, tools } = options
  const pace = createPace(tools)
  let current: Link | null = null
  while (!signal.aborted) {
    await pace.wait(signal).catch(() => {})
    if (signal.aborted) break
    const next = openLink(options, signal)
    const reason = await next.opened
    if (reason === null) {
      current?.leave()
      current = next
      told({ connected: true })
      await next.due
    } else if (current === null || current.isOver()) {
      told({ connected: false, reason })
    }
    pace.lasted(tools.clock.now() - next.startedAt)
  }
}

interface Link {
  readonly startedAt: number
  /** Null once it is open, or why it never was. */
  readonly opened: Promise<string | null>
  /** Resolves when the next one is wanted: it is over, or soon will be. */
  readonly due: Promise<void>
  isOver(): boolean
  leave(): void
}

const OPEN_WITHIN_MS = 10_000
const SILENT_MS = 60_000

/** A connection that is watched. Its end is told of unless it was left. */
function openLink({ url, tools: { clock }, renewAfterMs, told, take }: StreamOptions, signal: AbortSignal): Link {
  const startedAt = clock.now()
  const due = Promise.withResolvers<void>()
  const over = new AbortController()
  let heardAt = startedAt
  let isOpen = false
  let isLeft = false

  const connection = connect(url, (text) => {
    heardAt = clock.now()
    if (take(parsed(text), heardAt) === 'renew') due.resolve()
  })
  const after = (ms: number, act: () => void) => void clock.sleep(ms, over.signal).then(act, () => {})
  const watch = () => {
    const leftMs = heardAt + SILENT_MS - clock.now()
    if (leftMs <= 0) connection.close('silent for 60 s')
    else after(leftMs, watch)
  }
  const leave = () => {
    isLeft = true
    connection.close('left')
  }
  void connection.ended.then((reason) => {
    over.abort()
    signal.removeEventListener('abort', leave)
    due.resolve()
    if (isOpen && !isLeft) told({ connected: false, reason })
  })
  signal.addEventListener('abort', leave, { once: true })
  after(OPEN_WITHIN_MS, () => isOpen || connection.close('not open within 10 s'))
  after(renewAfterMs, () => due.resolve())
  watch()
  const opened = connection.opened.then(
    () => {
      isOpen = true
      return null
    },
    (error: Error) => error.message,
  )
  return { startedAt, opened, due: due.promise, isOver: () => over.signal.aborted, leave }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
