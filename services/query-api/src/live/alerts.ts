import { receiptOf, type TriggeredAlert } from '@crypto-signals/contracts'
import { type Framing, frameOf } from './framing.ts'

/** The last firings of alerts, numbered by place in the order in which they came. */
export interface Alerts {
  /** The first place that is still kept. */
  readonly start: number
  /** The place of the next one that comes. */
  readonly end: number
  /** Takes a firing that came while `mark` was the newest change; a repeat is taken no notice of. */
  add(trigger: TriggeredAlert, mark: number): void
  coinAt(place: number): string
  /** The same buffer for all who are told. */
  frameAt(place: number, framing: Framing): Buffer
  /**
   * From which place on somebody must be told who held a version, and with it the changes up to `mark`; undefined if some of that is forgotten.
   * Firings that he knows may be among them: replicas see a firing and the data it is of in either order.
   */
  since(version: string, mark: number): number | undefined
}

interface Kept {
  trigger: TriggeredAlert
  mark: number
  frames: Map<Framing, Buffer>
}

export function createAlerts(): Alerts {
  const [kept, known] = [[] as Kept[], new Set<string>()]
  let [start, forgotten] = [0, NOTHING]
  const at = (place: number) => kept[place - start] as Kept

  const forgetOldest = () => {
    const { trigger, mark } = kept.shift() as Kept
    known.delete(trigger.triggerId)
    start++
    forgotten = { mark: Math.max(mark, forgotten.mark), ms: Math.max(Date.parse(trigger.triggeredAt), forgotten.ms) }
  }
  return {
    get start() {
      return start
    },
    get end() {
      return start + kept.length
    },
    add(trigger, mark) {
      if (known.has(trigger.triggerId)) return
      known.add(trigger.triggerId)
      kept.push({ trigger, mark, frames: new Map() })
      if (kept.length > KEPT) forgetOldest()
    },
    coinAt: (place) => at(place).trigger.coinId,
    frameAt(place, framing) {
      const { trigger, frames } = at(place)
      const frame = frames.get(framing) ?? frameOf(framing, 'alert', trigger)
      frames.set(framing, frame)
      return frame
    },
    since(version, mark) {
      const sinceMs = receiptOf(version) - BEFORE_MS
      if (forgotten.mark >= mark || forgotten.ms >= sinceMs) return undefined
      const first = kept.findIndex((one) => one.mark >= mark || Date.parse(one.trigger.triggeredAt) >= sinceMs)
      return first < 0 ? start + kept.length : start + first
    },
  }
}

const NOTHING = { mark: Number.NEGATIVE_INFINITY, ms: Number.NEGATIVE_INFINITY }

// A storm in which thousands of rules fire at once passes while a caller reads one message; about 4 MB.
export const KEPT = 5_000

// Longer than an event takes from one process to another, also when it has to be handed out again.
const BEFORE_MS = 30_000
