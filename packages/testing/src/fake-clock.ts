import type { Clock } from '@crypto-signals/clock'

interface Sleeper {
  at: number
  wake: () => void
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now: number
  readonly #sleepers = new Set<Sleeper>()

  constructor(start = Date.parse('2026-01-01T00:00:00.000Z')) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  /** How many are asleep: what to wait for, with `until`, where real sockets come between two sleeps. */
  get sleeping(): number {
    return this.#sleepers.size
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const aborted = () => {
        this.#sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const sleeper = {
        at: this.#now + ms,
        wake: () => {
          signal?.removeEventListener('abort', aborted)
          resolve()
        },
      }
      signal?.addEventListener('abort', aborted, { once: true })
      this.#sleepers.add(sleeper)
    })
  }

  /**
   * Lets `ms` pass: wakes every sleeper in order of its time, letting each one's work go on before the next wakes,
   * as far as that work does not wait for real input or output.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settle()
      const next = [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#sleepers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.wake()
    }
    this.#now = end
    await settle()
  }
}

/** Lets everything that is ready to run, run. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
