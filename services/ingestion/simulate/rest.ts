import { subscribe } from 'node:diagnostics_channel'
import { setImmediate, setTimeout } from 'node:timers/promises'

/** What a fast clock waits for before it goes on, where real sockets come between two moments. */
export interface Rest {
  /** Resolves when no request is on its way, or has been for so long that only the clock can end it. */
  come(): Promise<void>
}

/** Counts this process's own requests. */
export const createRest = (patienceMs: number): Rest => {
  let waiting = 0
  subscribe('undici:request:create', () => {
    waiting++
  })
  const done = () => {
    waiting = Math.max(0, waiting - 1)
  }
  subscribe('undici:request:trailers', done)
  subscribe('undici:request:error', done)
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await setImmediate()
  }
  return {
    async come() {
      await turns(TURNS)
      const untilMs = performance.now() + patienceMs
      const isBusy = () => waiting > 0 && performance.now() < untilMs
      while (isBusy()) {
        await setTimeout(0)
        await turns(TURNS)
      }
    },
  }
}

// From the last byte of an answer to the next sleep of whoever asked for it.
const TURNS = 4
