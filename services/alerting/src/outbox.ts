import type { TriggeredAlert } from '@crypto-signals/contracts'
import type { AlertStore } from '@crypto-signals/store'
import type { Report } from './report.ts'

/** Firings on their way to the bus. They are in the store before, so what the bus does not take now is sent later. */
export interface Outbox {
  /** Whether firings wait because the bus or the store failed. */
  readonly failing: boolean
  /** Stores a firing by `write`, and sends it if that resolved to true. Rejects only as `write` does. */
  fire: (trigger: TriggeredAlert, write: () => Promise<boolean>) => Promise<boolean>
  /** Sends all that wait in the store, oldest first, up to the first failure, but none that is just being fired here. Never rejects. */
  flush: () => Promise<void>
}

interface OutboxPorts {
  alerts: AlertStore
  publish: (trigger: TriggeredAlert) => Promise<void>
  report: Report
}

export function createOutbox({ alerts, publish, report }: OutboxPorts): Outbox {
  const inHand = new Set<string>()
  let failing = false

  async function send(trigger: TriggeredAlert) {
    await publish(trigger)
    await alerts.markPublished([trigger.triggerId])
  }
  async function attempt(task: () => Promise<void>) {
    try {
      await task()
      return true
    } catch (error) {
      failing = true
      report.firingsWait(error)
      return false
    }
  }
  async function waiting() {
    const before = new Set(inHand)
    const stored = await alerts.unpublished(BATCH)
    return stored.filter(({ triggerId }) => !before.has(triggerId) && !inHand.has(triggerId))
  }
  async function sendAll() {
    for (let batch = await waiting(); batch.length > 0; batch = await waiting()) {
      for (const trigger of batch) await send(trigger)
    }
  }
  return {
    get failing() {
      return failing
    },
    async fire(trigger, write) {
      inHand.add(trigger.triggerId)
      try {
        if (!(await write())) return false
        report.fired(trigger)
        await attempt(() => send(trigger))
        return true
      } finally {
        inHand.delete(trigger.triggerId)
      }
    },
    async flush() {
      if (await attempt(sendAll)) failing = false
    },
  }
}

const BATCH = 100
