import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'

/** Keeps questions away from a Redis that does not answer: only the first ones wait in vain. */
export interface Circuit {
  /** The answer; rejects at once during an outage. */
  ask<T>(question: () => Promise<T>): Promise<T>
  isOpen: () => boolean
  /** Begins an outage, if there is none. */
  open: (error: unknown) => void
  /** Asks nothing more. */
  end(): void
}

interface CircuitOptions {
  /** Asks for what an outage denies; tried until it resolves. */
  probe: () => Promise<unknown>
  clock: Clock
  log: Logger | undefined
}

export function createCircuit({ probe, clock, log }: CircuitOptions): Circuit {
  let reason: string | undefined
  const ending = new AbortController()

  const watch = async () => {
    for (let answered = false; !answered; ) {
      await clock.sleep(PROBE_INTERVAL_MS, ending.signal)
      answered = await probe().then(
        () => true,
        () => false,
      )
    }
    reason = undefined
    log?.info('Redis is used again')
  }
  const open = (error: unknown) => {
    if (reason !== undefined) return
    reason = reasonOf(error)
    log?.warn({ reason }, 'Redis is of no use: this process counts for itself, keeps nothing and leads nothing')
    watch().catch(() => undefined)
  }
  return {
    open,
    isOpen: () => reason !== undefined,
    async ask(question) {
      if (reason === undefined) {
        try {
          return await question()
        } catch (error) {
          open(error)
        }
      }
      // Without the error as its cause: the client hangs all arguments of the command on it.
      throw new Error(`Redis is of no use: ${reason}`)
    },
    end() {
      reason ??= 'the cache is closed'
      ending.abort()
    },
  }
}

const PROBE_INTERVAL_MS = 1_000

/** Where several addresses were tried in vain, the message is empty. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error)
