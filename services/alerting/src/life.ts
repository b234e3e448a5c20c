import type { Subscription } from '@crypto-signals/bus'
import type { Clock } from '@crypto-signals/clock'
import type { Outbox } from './outbox.ts'
import type { Recover } from './recovery.ts'
import type { Report } from './report.ts'
import type { RuleCount } from './rule-count.ts'
import type { Watch } from './watch.ts'

/** How the service begins and ends. */
interface Life {
  readonly running: boolean
  /**
   * Follows the signals and sends the firings that wait; may be called again when it rejects. What happened while nobody
   * looked is evaluated before it resolves where the bus reaches no other process, and otherwise soon.
   */
  start: () => Promise<void>
  /** Takes no more events and finishes those it has. */
  stop: () => Promise<void>
}

interface LifePorts {
  /** Whether the bus reaches no other process. */
  alone: boolean
  clock: Clock
  rules: RuleCount
  watch: Watch
  outbox: Outbox
  recover: Recover
  subscribe: () => Promise<Subscription>
  report: Report
}

export function createLife({ alone, rules, watch, outbox, recover, subscribe, ...ports }: LifePorts): Life {
  const ending = new AbortController()
  const { signal } = ending
  let subscription: Subscription | undefined
  let chores: Promise<unknown> = Promise.resolve()
  let running = false

  // A bus that is away does not tell: then nobody knows what is still to come.
  const isBehind = async () => (await subscription?.behind().catch(() => undefined)) !== 0
  const recoverNow = () => recover(isBehind, signal)

  async function begin() {
    signal.throwIfAborted()
    await rules.refresh()
    await outbox.flush()
    // Where all the services are in one process, whoever publishes starts later: nothing new can happen before.
    if (alone) await recoverNow()
  }

  return {
    get running() {
      return running
    },
    async start() {
      subscription = await subscribe()
      try {
        await begin()
      } catch (error) {
        await subscription.stop()
        throw error
      }
      running = true
      chores = doChores({ ...ports, signal, recovered: alone, flush: outbox.flush, recover: recoverNow })
    },
    async stop() {
      running = false
      ending.abort()
      await subscription?.stop()
      await chores
      await watch.settled()
      await outbox.flush()
    },
  }
}

interface Chores extends Pick<LifePorts, 'clock' | 'report'> {
  recovered: boolean
  flush: () => Promise<void>
  recover: () => Promise<void>
  signal: AbortSignal
}

/** Until the signal comes. */
async function doChores({ clock, report, recovered, flush, recover, signal }: Chores): Promise<void> {
  async function keepSending() {
    for (;;) {
      await clock.sleep(RESEND_EVERY_MS, signal)
      await flush()
    }
  }
  async function keepRecovering() {
    for (let [done, tookMs] = [recovered, 0]; ; ) {
      if (done) await clock.sleep(Math.max(RECOVER_EVERY_MS, tookMs * RECOVER_REST), signal)
      const began = clock.now()
      done = await recover().then(
        () => true,
        (error: unknown) => {
          if (!signal.aborted) report.recoveryWaits(error)
          return false
        },
      )
      tookMs = clock.now() - began
      if (!done) await clock.sleep(RECOVER_AGAIN_MS, signal)
    }
  }
  await Promise.allSettled([keepSending(), keepRecovering()])
}

// The store is the truth of what fired: what the bus refused or lost before a crash goes out within this time.
const RESEND_EVERY_MS = 30_000

// Events are lost only when a bus loses its data, or a process dies between its write and its event.
// What is only stored is found within a minute of that, unless looking takes a slow store so long that it would do little else.
const RECOVER_EVERY_MS = 45_000
const RECOVER_REST = 10
const RECOVER_AGAIN_MS = 10_000
