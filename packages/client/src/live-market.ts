import { ApiError } from './api-error.ts'
import { type Feeds, followMarket } from './follow-market.ts'
import { createHeldRows, type LiveMarketChange } from './held-rows.ts'
import { report } from './report.ts'
import type { StreamState } from './stream.ts'
import type { DataSource, MarketRow, TriggeredAlert } from './types.ts'

export type LiveMarketState = StreamState | 'closed'

export interface LiveMarketOptions {
  /** Closes it, as `close` does. */
  signal?: AbortSignal | undefined
  /** Told each change of state; of `waiting` and `closed` also why, if it was not wished for. */
  onState?: ((state: LiveMarketState, error?: ApiError) => void) | undefined
  /** Told each firing once. */
  onAlert?: ((alert: TriggeredAlert) => void) | undefined
}

/** The rows of a filter, kept as the server has them: all of one version at any time. */
export interface LiveMarket {
  /** By coin id. The same map for ever; it changes right before listeners are told. */
  readonly rows: ReadonlyMap<string, MarketRow>
  /** Of the rows; null until the first are there. */
  readonly version: string | null
  /** Where the data come from; null until it is known. */
  readonly source: DataSource | null
  readonly state: LiveMarketState
  /** The listener is told each change from now on, a step of the server at once; what is returned ends that. */
  subscribe(listener: (change: LiveMarketChange) => void): () => void
  /** Resolves once the rows are there; rejects with an `ApiError` when the server refuses, or it is closed before. */
  readonly ready: Promise<void>
  close(): void
}

/** Loads the export, then follows the stream from its version on, until it is closed or the server refuses. */
export function openLiveMarket(feeds: Feeds, { signal, onState, onAlert }: LiveMarketOptions): LiveMarket {
  const held = createHeldRows()
  const listeners = createListeners()
  const closing = new AbortController()
  const ready = createReady()
  let told: LiveMarketState | undefined
  let source: DataSource | null = null

  function move(next: LiveMarketState, error?: ApiError) {
    if (told === 'closed' || told === next) return
    told = next
    report(() => onState?.(next, error))
  }
  function close(error?: ApiError) {
    move('closed', error)
    closing.abort()
    listeners.clear()
    signal?.removeEventListener('abort', closeQuietly)
    ready.reject(error ?? new ApiError({ status: 0, code: 'CLOSED', message: 'The live market was closed' }))
  }
  const closeQuietly = () => close()
  const follower = {
    held,
    onState: move,
    onSource: (told: DataSource) => {
      source = told
    },
    onReady: ready.resolve,
    onChange: listeners.tell,
    onAlert: (alert: TriggeredAlert) => report(() => onAlert?.(alert)),
  }

  signal?.addEventListener('abort', closeQuietly)
  if (signal?.aborted) close()
  // Nobody is told anything before the caller has what is returned.
  else void Promise.resolve().then(() => followMarket(feeds, follower, closing.signal).catch(close))
  return {
    rows: held.rows,
    get version() {
      return held.version
    },
    get source() {
      return source
    },
    get state() {
      return told ?? 'connecting'
    },
    subscribe: listeners.add,
    ready: ready.promise,
    close: closeQuietly,
  }
}

type Listener = (change: LiveMarketChange) => void

function createListeners() {
  const all = new Set<Listener>()
  return {
    add: (listener: Listener) => {
      // The same one may be there more than once.
      const own: Listener = (change) => listener(change)
      all.add(own)
      return () => void all.delete(own)
    },
    tell: (change: LiveMarketChange) => {
      const present = [...all]
      for (const listener of present) if (all.has(listener)) report(() => listener(change))
    },
    clear: () => all.clear(),
  }
}

function createReady() {
  let resolve = () => {}
  let reject: (error: ApiError) => void = () => {}
  const promise = new Promise<void>((onReady, onFault) => {
    resolve = onReady
    reject = onFault
  })
  // Not everybody waits for it.
  promise.catch(() => {})
  return { promise, resolve, reject }
}
