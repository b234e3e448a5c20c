import type { Clock } from '@crypto-signals/clock'
import { EVENT_NAMES, type EventName, type EventOf, MAX_BATCH_ROWS } from '@crypto-signals/contracts'
import type { Logger } from 'pino'
import { createBreather } from './breather.ts'
import type { Bus, Subscription } from './bus.ts'
import { createDeadLetterBox } from './dead-letters.ts'
import { createDelivery } from './delivery.ts'
import { createTopic, type Topic } from './topic.ts'

export interface BusOptions {
  clock: Clock
  log: Logger
}

/** The bus of a system that lives in one process. Nothing outlives it: events that nobody consumes are dropped. */
export function openInProcess({ clock, log }: BusOptions): Bus {
  const box = createDeadLetterBox(log)
  const subscriptions: Subscription[] = []
  let closed = false
  const assertOpen = () => {
    if (closed) throw new Error('the bus is closed')
  }
  const topics = createTopics({ breathe: createBreather(), assertOpen })

  return {
    adapter: 'in-process',
    async publish(name, event) {
      assertOpen()
      assertBounded(name, event)
      await topics[name].publish(event)
    },
    async consume(name, consumer, handle) {
      assertOpen()
      const deliver = createDelivery({ name, group: consumer.group, handle, clock, log, box })
      const subscription = topics[name].join(consumer, deliver)
      subscriptions.push(subscription)
      return subscription
    },
    deadLetters: box.read,
    ping: async () => assertOpen(),
    async [Symbol.asyncDispose]() {
      closed = true
      await Promise.all(subscriptions.map((subscription) => subscription.stop()))
    },
  }
}

const createTopics = (options: Parameters<typeof createTopic>[0]) =>
  Object.fromEntries(EVENT_NAMES.map((name) => [name, createTopic(options)])) as Record<EventName, Topic>

function assertBounded<N extends EventName>(name: N, event: EventOf<N>): void {
  const rows = 'rows' in event ? event.rows.length : 1
  if (rows > MAX_BATCH_ROWS)
    throw new RangeError(`${name} of ${rows} rows: at most ${MAX_BATCH_ROWS} go into one event`)
}
