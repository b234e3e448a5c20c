import type { Clock } from '@crypto-signals/clock'

/** Writes what changes, not each time it does. */
export interface Writer {
  changed: () => void
  /** Writes what is not yet written. */
  close: () => Promise<void>
}

const WRITE_EVERY_MS = 1_000

/** Calls `write` soon after `changed`, never twice at once, and then rests a second. */
export function createWriter(clock: Clock, write: () => Promise<void>, failed: (error: unknown) => void): Writer {
  const closing = new AbortController()
  let dirty = false
  let running: Promise<void> | null = null

  const writeOut = async () => {
    while (dirty) {
      dirty = false
      await write().catch(failed)
      await clock.sleep(WRITE_EVERY_MS, closing.signal).catch(() => {})
    }
    running = null
  }
  return {
    changed() {
      dirty = true
      running ??= writeOut()
    },
    async close() {
      closing.abort()
      await running
    },
  }
}
