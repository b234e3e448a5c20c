import type { Consumer, Subscription } from './bus.ts'
import { createLane, type Lane, type Work } from './lane.ts'

/** All who consume the events of one name. */
export interface Topic {
  /** Hands an event to every group that consumes at that moment; waits while one of them is too far behind. */
  publish(event: unknown, partition: number | undefined): Promise<void>
  join(consumer: Consumer, work: Work<unknown>): Subscription
}

interface TopicOptions {
  breathe: () => Promise<void>
  assertOpen: () => void
}

export function createTopic({ breathe, assertOpen }: TopicOptions): Topic {
  // By group, or of its own for each consumer that gets everything.
  const lanes = new Map<string | symbol, Lane<unknown>>()
  let turn = Promise.resolve()

  const hand = async (event: unknown, partition: number | undefined) => {
    for (const lane of lanes.values()) await lane.room()
    assertOpen()
    for (const lane of lanes.values()) lane.push(event, partition)
  }
  return {
    publish(event, partition) {
      // One after the other, so that events keep the order of publishing also when publishers have to wait.
      turn = turn.then(() => hand(event, partition))
      return turn
    },
    join({ group, delivery }, work) {
      const key = delivery === 'shared' ? group : Symbol(group)
      const lane = lanes.get(key) ?? createLane<unknown>(breathe)
      lanes.set(key, lane)
      const seat = lane.join(work)
      return {
        behind: async () => lane.unhandled,
        stop() {
          const left = seat.leave()
          if (lane.abandoned && lanes.get(key) === lane) lanes.delete(key)
          return left
        },
      }
    },
  }
}
