import type { TriggeredAlert } from '@crypto-signals/contracts'
import type { AlertStore } from '@crypto-signals/store'
import type { Report } from './report.ts'

/** Firings on their way to the bus. They are in the store already, so what the bus does not take now is sent later. */
export interface Outbox {
  /** Whether firings wait because the bus or the store failed. */
  readonly failing: boolean
  /** Sends one firing that was just stored. Never rejects. */
  deliver: (trigger: TriggeredAlert) => Promise<void>
  /** Sends all that wait in the store, oldest first, up to the first failure. Never rejects. */
  flush: () => Promise<void>
}

interface OutboxPorts {
  alerts: AlertStore
  publish: (trigger: TriggeredAlert) => Promise<void>
  report: Report
}

export function createOutbox({ alerts, publish, report }: OutboxPorts): Outbox {
  let failing = false
  const send = async (trigger: TriggeredAlert) => {
    await publish(trigger)
    await alerts.markPublished([trigger.triggerId])
  }
  const attempt = async (task: () => Promise<void>) => {
    try {
      await task()
      return true
    } catch (error) {
      failing = true
      report.firingsWait(error)
      return false
    }
  }
  return {
    get failing() {
      return failing
    },
    async deliver(trigger) {
      await attempt(() => send(trigger))
    },
    async flush() {
      const done = await attempt(async () => {
        for (
          let waiting = await alerts.unpublished(BATCH);
          waiting.length > 0;
          waiting = await alerts.unpublished(BATCH)
        ) {
          for (const trigger of waiting) await send(trigger)
        }
      })
      if (done) failing = false
    },
  }
}

const BATCH = 100
