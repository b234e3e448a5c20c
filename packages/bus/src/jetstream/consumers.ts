import { randomUUID } from 'node:crypto'
import { EVENTS, type EventName } from '@crypto-signals/contracts'
import { AckPolicy, type ConsumerConfig, DeliverPolicy, type Consumer as NatsConsumer, nanos, ReplayPolicy } from 'nats'
import type { Consumer } from '../bus.ts'
import type { Link } from './link.ts'
import { isMissing, streamOf } from './streams.ts'

/** The server's side of a subscription, created when it is not there. */
export interface Post {
  ensure(): Promise<NatsConsumer>
  /** To be told of every event, so that a lost post goes on after it. */
  passed(sequence: number): void
  /** Leaves nothing behind that nobody will read. */
  abandon(): Promise<void>
}

/** Of a group, with its place in the stream; it stays when all have left, and then has kept their place. */
export function sharedPost({ manager, jetstream }: Link, name: EventName, consumer: Consumer, ackWaitMs: number): Post {
  const [stream, durable] = [streamOf(name), `${consumer.group}-${name}`]
  const config = {
    ...commonConfig(name, ackWaitMs),
    durable_name: durable,
    // What was published before a group's first member came is for it too: services start in any order.
    deliver_policy: DeliverPolicy.All,
  }
  return {
    async ensure() {
      const found = await manager.consumers.info(stream, durable).catch(nullIfMissing)
      if (found === null) await manager.consumers.add(stream, config)
      else if (differs(found.config, config)) await manager.consumers.update(stream, durable, config)
      return await jetstream.consumers.get(stream, durable)
    },
    passed: () => undefined,
    abandon: async () => undefined,
  }
}

/** Of one replica, from now on. */
export function ownPost(link: Link, name: EventName, consumer: Consumer, ackWaitMs: number): Post {
  const { manager, jetstream } = link
  const [stream, durable] = [streamOf(name), `${consumer.group}-${name}-${randomUUID()}`]
  let [streamCreated, next] = ['', 1]
  const config = {
    ...commonConfig(name, ackWaitMs),
    durable_name: durable,
    deliver_policy: DeliverPolicy.StartSequence,
    inactive_threshold: nanos(INACTIVE_MS),
  }
  return {
    async ensure() {
      const found = await manager.consumers.info(stream, durable).catch(nullIfMissing)
      if (found === null) {
        const { created, state } = await manager.streams.info(stream)
        // Of a stream that was created anew meanwhile, everything is news.
        if (created !== streamCreated) next = streamCreated === '' ? state.last_seq + 1 : 1
        streamCreated = created
        await manager.consumers.add(stream, { ...config, opt_start_seq: next })
      }
      return await jetstream.consumers.get(stream, durable)
    },
    passed(sequence) {
      next = Math.max(next, sequence + 1)
    },
    async abandon() {
      await link.whileUp(() => manager.consumers.delete(stream, durable))
    },
  }
}

// A replica that was not heard of for so long is gone; one that comes back later goes on where it was.
const INACTIVE_MS = 300_000

// Of one group, unacknowledged and waiting for another try alike. Enough to keep every member busy, and few enough
// that an outage of whatever the handlers need makes dead letters of these and not of the whole market.
const MAX_ACK_PENDING = 100

const commonConfig = (name: EventName, ackWaitMs: number) => ({
  filter_subject: EVENTS[name].wildcard,
  ack_policy: AckPolicy.Explicit,
  replay_policy: ReplayPolicy.Instant,
  ack_wait: nanos(ackWaitMs),
  max_ack_pending: MAX_ACK_PENDING,
  // Dead letters are ours to make: the server would only skip the event, and tell nobody.
  max_deliver: -1,
})

const differs = (found: ConsumerConfig, { ack_wait, max_ack_pending, max_deliver }: Partial<ConsumerConfig>) =>
  found.ack_wait !== ack_wait || found.max_ack_pending !== max_ack_pending || found.max_deliver !== max_deliver

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null
  throw error
}
