import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@crypto-signals/clock'

/** A clock on which nothing is waited for: it goes straight to the next moment that somebody sleeps until. */
export interface FastClock extends Clock {
  /** Goes on until `untilMs`, or as far as there is anybody to wake. `settle` is given time before each step. */
  run(untilMs: number): Promise<void>
}

export interface FastClockOptions {
  startMs: number
  /** Lets what a step set off come to rest: real sockets need more than what runs by itself. */
  settle?: () => Promise<unknown>
}

export const createFastClock = ({ startMs, settle = () => setImmediate() }: FastClockOptions): FastClock => {
  const sleepers = createHeap()
  let now = startMs
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const aborted = () => {
          sleeper.wake = null
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener('abort', aborted)
            resolve()
          },
        }
        signal?.addEventListener('abort', aborted, { once: true })
        sleepers.push(sleeper)
      }),
    async run(untilMs) {
      for (;;) {
        await settle()
        const next = sleepers.peek()
        if (next === undefined || next.at > untilMs) break
        sleepers.pop()
        now = Math.max(now, next.at)
        next.wake?.()
      }
      now = Math.max(now, untilMs)
    },
  }
}

interface Sleeper {
  at: number
  /** Null once it was aborted. */
  wake: (() => void) | null
}

/** Sleepers by their time, those of one time as they came; the aborted ones are passed over. */
const createHeap = () => {
  const heap: { sleeper: Sleeper; order: number }[] = []
  let order = 0
  const before = (a: number, b: number) => {
    const [one, other] = [heap[a], heap[b]]
    if (one === undefined || other === undefined) return one !== undefined
    return one.sleeper.at < other.sleeper.at || (one.sleeper.at === other.sleeper.at && one.order < other.order)
  }
  const swap = (a: number, b: number) => {
    const [one, other] = [heap[a], heap[b]]
    if (one === undefined || other === undefined) return
    heap[a] = other
    heap[b] = one
  }
  const rise = (at: number) => {
    for (let index = at; index > 0; ) {
      const parent = (index - 1) >> 1
      if (!before(index, parent)) return
      swap(index, parent)
      index = parent
    }
  }
  const sink = () => {
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2]
      const child = before(right, left) ? right : left
      if (child >= heap.length || !before(child, index)) return
      swap(index, child)
      index = child
    }
  }
  const pop = () => {
    swap(0, heap.length - 1)
    heap.pop()
    sink()
  }
  return {
    pop,
    push(sleeper: Sleeper) {
      heap.push({ sleeper, order: order++ })
      rise(heap.length - 1)
    },
    peek(): Sleeper | undefined {
      while (heap[0]?.sleeper.wake === null) pop()
      return heap[0]?.sleeper
    },
  }
}
