import { type Clock, instantOf } from '@crypto-signals/clock'
import { holding, nothingAt } from '../read-model/difference.ts'
import type { Market } from '../read-model/market.ts'
import type { RowFilter } from '../read-model/row-filter.ts'
import type { Alerts } from './alerts.ts'
import type { Changes } from './changes.ts'
import { type Framing, frameOf } from './framing.ts'

/** Where the messages of one stream go. */
export interface Sink {
  readonly framing: Framing
  /** True if it can take more at once; otherwise `drained` is called, later, when the frame has gone out. */
  send(frame: Buffer, drained: () => void): boolean
  /** Ends it in good order, asking the caller to come back after that time. */
  end(retryMs: number): void
  /** Ends it at once. */
  destroy(): void
  /** Whether its caller does not answer, where a stream can ask. */
  isSilentAt?(nowMs: number): boolean
}

/** What a caller asked for. */
export interface Asked {
  filter: RowFilter
  /** The version he holds. */
  since?: string | undefined
  /** Whether he wants everything at first, if he cannot go on from `since`. */
  wantsAll: boolean
}

/** What all streams are made from. */
export interface Telling {
  market: Pick<Market, 'rows' | 'slots' | 'version' | 'versions'>
  changes: Changes
  alerts: Alerts
  clock: Clock
  simulated: boolean
  /** To be told of each message. */
  sent(framing: Framing, bytes: number): void
}

/** One caller: where he is, and that he is told what comes next whenever he can take it. */
export interface Stream {
  /** Sends what there is, as far as the sink takes it. */
  pump(): void
  /** Why he is to be dropped, if he is. */
  faultAt(nowMs: number): Fault | null
  /** Tells nothing more, and asks him to come back after that time. */
  end(retryMs: number): void
}

/** `stalled`: took none of a message for too long. `behind`: takes too long to hold what there is. `silent`: answers no ping. */
type Fault = 'stalled' | 'behind' | 'silent'

export function createStream(telling: Telling, asked: Asked, sink: Sink): Stream {
  const { alerts, clock } = telling
  const { first, place, ...start } = beginningOf(telling, asked, sink.framing)
  const rows = tellRows(telling, asked.filter, sink.framing, start)
  let [nextAlert, sentAtMs, isStarting, isOver] = [place, NEVER, true, false]
  // Since when he does not hold what there is.
  let behindSinceMs = NEVER

  const alertFrame = () => {
    while (nextAlert < alerts.end) {
      const place = nextAlert++
      if (asked.filter.wantsCoin(alerts.coinAt(place))) return alerts.frameAt(place, sink.framing)
    }
    return undefined
  }
  const settle = () => {
    sentAtMs = NEVER
    if (!rows.isMidStep()) behindSinceMs = NEVER
  }
  const mayTell = () => sentAtMs === NEVER && nextAlert >= alerts.start && !isOver
  const pump = () => {
    while (mayTell()) {
      const frame = first.shift() ?? alertFrame() ?? rows.next()
      if (frame === null) {
        isStarting = false
        return
      }
      const nowMs = clock.now()
      if (behindSinceMs === NEVER) behindSinceMs = nowMs
      telling.sent(sink.framing, frame.length)
      if (sink.send(frame, drained)) settle()
      else sentAtMs = nowMs
    }
  }
  const drained = () => {
    settle()
    pump()
  }
  return {
    pump,
    faultAt(nowMs) {
      if (nowMs - sentAtMs >= STALLED_MS) return 'stalled'
      if (nextAlert < alerts.start || nowMs - behindSinceMs >= (isStarting ? START_MS : BEHIND_MS)) return 'behind'
      return sink.isSilentAt?.(nowMs) ? 'silent' : null
    },
    end(retryMs) {
      isOver = true
      sink.end(retryMs)
    },
  }
}

const NEVER = Number.POSITIVE_INFINITY

const STALLED_MS = 20_000
const BEHIND_MS = 30_000

// Whoever begins with the whole market takes 14 MB. Less than 80 kB/s stalls before that: full buffers on the way, of some megabytes,
// take more only when a third of them is free.
const START_MS = 300_000

/** What is said at first, and where he is then: at the version he holds, at that of now, or with nothing. */
function beginningOf({ market, alerts, clock, simulated }: Telling, { since, wantsAll }: Asked, framing: Framing) {
  const mark = since === undefined ? undefined : market.versions.markOf(since)
  const place = since === undefined || mark === undefined ? undefined : alerts.since(since, mark)
  const goesOn = mark !== undefined && place !== undefined
  const begins = !goesOn && (since !== undefined || wantsAll)
  const version = goesOn ? (since as string) : market.version
  const at = instantOf(clock.now())
  const hello = { version, source: simulated ? 'simulated' : 'live', at }
  const reset = { reason: since === undefined ? 'snapshot' : 'unknown-version', at }
  const { head } = market.rows.log
  return {
    first: [
      frameOf(framing, 'hello', hello, begins ? undefined : version),
      ...(begins ? [frameOf(framing, 'reset', reset)] : []),
    ],
    cursor: goesOn ? holding(mark) : begins ? nothingAt(head) : holding(head),
    isMidStep: begins,
    told: version,
    place: goesOn ? place : alerts.end,
  }
}

type Start = Pick<ReturnType<typeof beginningOf>, 'cursor' | 'isMidStep' | 'told'>

/** Goes through the changes of rows from `start` on. */
function tellRows({ market, changes, clock }: Telling, filter: RowFilter, framing: Framing, start: Start) {
  let { cursor, isMidStep, told } = start
  let toldAtMs = clock.now()
  const step = () => {
    const { frame, isWhole, ...next } = changes.after(cursor, filter, framing)
    const isOwed = isMidStep
    ;[cursor, isMidStep] = [next.cursor, !isWhole]
    return frame ?? (isOwed ? changes.none(framing) : null)
  }
  return {
    isMidStep: () => isMidStep,
    /** Null when he holds all there is. */
    next(): Buffer | null {
      const isBehind = isMidStep || cursor.mark !== market.rows.log.head
      const isUnaware = () => told !== market.version && clock.now() - toldAtMs >= TELL_VERSION_MS
      const frame = (isBehind ? step() : null) ?? (isUnaware() ? changes.none(framing) : null)
      if (frame !== null && !isMidStep) [told, toldAtMs] = [market.version, clock.now()]
      return frame
    },
  }
}

// So that whoever waits for something rare can still go on from the version he knows.
const TELL_VERSION_MS = 60_000
