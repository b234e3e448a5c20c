import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@crypto-signals/clock'
import { MAX_MESSAGE_ROWS, type TriggeredAlert } from '@crypto-signals/contracts'
import type { Market } from '../read-model/market.ts'
import { createAlerts } from './alerts.ts'
import { createChanges } from './changes.ts'
import { type Asked, createStream, type Sink, type Stream, type Telling } from './stream.ts'

/** All streams of the process, whatever they are carried by. */
export interface Hub {
  countOf(framing: Sink['framing']['name']): number
  /** Whether there are as many as there may be. */
  readonly isFull: boolean
  /** Begins a stream; returns what to call when the caller has gone. */
  open(asked: Asked, sink: Sink): () => void
  /** To be called whenever the market has changed. */
  changed: () => void
  alert: (trigger: TriggeredAlert) => void
  /** Ends all streams in good order; resolves when their callers have gone, or were dropped because they do not go. */
  close(): Promise<void>
}

interface HubOptions {
  market: Market
  clock: Clock
  simulated: boolean
  /** How many streams there may be at a time. */
  most?: number
  /** How many coins a message tells of at most. */
  messageRows?: number
  meter: { messages: Count<'transport'>; bytes: Count<'transport'>; dropped: Count<'reason'> }
}

interface Count<L extends string> {
  inc(labels: Record<L, string>, by?: number): void
}

export function createHub({ market, clock, simulated, meter, ...options }: HubOptions): Hub {
  const { most = MAX_STREAMS, messageRows = MAX_MESSAGE_ROWS } = options
  const [alerts, changes] = [createAlerts(), createChanges(market, clock, messageRows)]
  const telling = { market, changes, alerts, clock, simulated, sent: counting(meter) }
  const streams = new Map<Stream, Sink>()
  const round = createRound(streams)
  const ending = createEnding(streams, clock)

  const remove = (stream: Stream) => {
    if (streams.delete(stream)) ending.left()
  }
  const watch = createWatch(clock, streams, () => {
    changes.forget()
    for (const [stream, sink] of streams) {
      const reason = stream.faultAt(clock.now())
      if (reason === null) stream.pump()
      else {
        meter.dropped.inc({ reason })
        remove(stream)
        sink.destroy()
      }
    }
  })
  return {
    countOf: (name) => [...streams.values()].filter(({ framing }) => framing.name === name).length,
    get isFull() {
      return streams.size >= most
    },
    open(asked, sink) {
      // Was still asking whether he may when all others were ended.
      if (ending.hasBegun) {
        sink.end(RETRY_MS.from)
        return () => undefined
      }
      const stream = createStream(telling, asked, sink)
      streams.set(stream, sink)
      watch()
      stream.pump()
      return () => remove(stream)
    },
    changed: round,
    alert(trigger) {
      alerts.add(trigger, market.rows.log.head)
      round()
    },
    close: () => ending.all(),
  }
}

const counting =
  ({ messages, bytes }: HubOptions['meter']): Telling['sent'] =>
  ({ name: transport }, length) => {
    messages.inc({ transport })
    bytes.inc({ transport }, length)
  }

// Each holds about 10 kB and an open file.
const MAX_STREAMS = 10_000

/** How all streams end: in good order, and whoever does not go is dropped. */
function createEnding(streams: ReadonlyMap<Stream, Sink>, clock: Clock) {
  const empty = Promise.withResolvers<void>()
  let hasBegun = false
  return {
    get hasBegun() {
      return hasBegun
    },
    /** To be called when a caller has gone. */
    left() {
      if (hasBegun && streams.size === 0) empty.resolve()
    },
    async all() {
      hasBegun = true
      if (streams.size === 0) return
      endAll([...streams.keys()])
      await Promise.race([empty.promise, clock.sleep(END_WITHIN_MS)])
      for (const sink of streams.values()) sink.destroy()
    },
  }
}

/** Asks the callers to come back evenly spread, so that whoever takes over is not met by all of them at once. */
function endAll(streams: readonly Stream[]): void {
  const spreadMs = (RETRY_MS.to - RETRY_MS.from) / streams.length
  for (const [i, stream] of streams.entries()) stream.end(Math.round(RETRY_MS.from + i * spreadMs))
}

const RETRY_MS = { from: 1_000, to: 5_000 }

const END_WITHIN_MS = 1_000

/** Has `look` look after the streams every second, as long as there are any. */
function createWatch(clock: Clock, streams: ReadonlyMap<Stream, Sink>, look: () => void): () => void {
  let isWatching = false
  const watch = async () => {
    isWatching = true
    while (streams.size > 0) {
      await clock.sleep(WATCH_MS)
      look()
    }
    isWatching = false
  }
  return () => {
    if (!isWatching) void watch()
  }
}

const WATCH_MS = 1_000

/** Pumps all streams, a part of them in each turn of the event loop so that requests are answered in between; once more if it is asked for meanwhile. */
function createRound(streams: ReadonlyMap<Stream, Sink>): () => void {
  let [isWanted, isRunning] = [false, false]
  const run = async () => {
    isRunning = true
    while (isWanted) {
      isWanted = false
      let pumped = 0
      for (const stream of streams.keys()) {
        stream.pump()
        if (++pumped % STREAMS_A_TURN === 0) await setImmediate()
      }
    }
    isRunning = false
  }
  return () => {
    isWanted = true
    if (!isRunning) void run()
  }
}

const STREAMS_A_TURN = 250
