import { EVENT_NAMES, type EventName } from '@crypto-signals/contracts'
import { assertBounded } from './bounds.ts'
import { createBreather } from './breather.ts'
import type { Bus, BusOptions, Subscription } from './bus.ts'
import { createDeadLetterBox } from './dead-letters.ts'
import { createDelivery } from './delivery.ts'
import { createTopic, type Topic } from './topic.ts'

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
      await topics[name].publish(event, 'partition' in event ? event.partition : undefined)
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
