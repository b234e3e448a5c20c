import type { Subscription } from '@crypto-signals/bus'
import type { Clock } from '@crypto-signals/clock'
import type { AlertStore } from '@crypto-signals/store'
import type { AlertBook } from './alert-book.ts'
import type { Watch } from './watch.ts'

/** How the service begins and ends. */
interface Life {
  readonly running: boolean
  /** Loads every rule, sends what waits, then evaluates what happened while nobody looked. */
  start: () => Promise<void>
  /** Takes no more events and finishes those it has. */
  stop: () => Promise<void>
}

interface LifePorts {
  alerts: AlertStore
  clock: Clock
  book: AlertBook
  watch: Watch
  subscribe: () => Promise<Subscription[]>
}

export function createLife({ alerts, clock, book, watch, subscribe }: LifePorts): Life {
  const ending = new AbortController()
  let subscriptions: Subscription[] = []
  let resending = Promise.resolve()
  let running = false

  async function load() {
    for await (const records of alerts.all(BATCH)) {
      // A rule that is here already is further on than what was read of it.
      for (const record of records) if (book.get(record.alert.alertId) === undefined) book.put(record)
    }
  }

  async function catchUp() {
    const coinIds = book.coinIds()
    for (let at = 0; at < coinIds.length; at += BATCH) await watch.catchUp(coinIds.slice(at, at + BATCH))
  }

  async function resend() {
    for (;;) {
      await clock.sleep(RESEND_EVERY_MS, ending.signal)
      await watch.flush()
    }
  }

  return {
    get running() {
      return running
    },
    async start() {
      // Before the rules are read, so that nothing falls between what the store knew and what the bus tells.
      subscriptions = await subscribe()
      await load()
      await watch.flush()
      await catchUp()
      running = true
      resending = resend().catch(() => undefined)
    },
    async stop() {
      running = false
      ending.abort()
      await Promise.all(subscriptions.map((subscription) => subscription.stop()))
      await resending
      await watch.flush()
    },
  }
}

const BATCH = 500

// The store is the truth of what fired: what the bus refused or lost before a crash goes out within this time.
const RESEND_EVERY_MS = 30_000
