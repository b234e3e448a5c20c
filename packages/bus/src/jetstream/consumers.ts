import { randomUUID } from 'node:crypto'
import { EVENTS, type EventName, PARTITIONS } from '@crypto-signals/contracts'
import { AckPolicy, type ConsumerConfig, DeliverPolicy, type Consumer as NatsConsumer, nanos, ReplayPolicy } from 'nats'
import type { Consumer } from '../bus.ts'
import { isPartitioned } from '../partition.ts'
import type { Link } from './link.ts'
import type { Space } from './space.ts'
import { isMissing, streamOf } from './streams.ts'

/** The server's side of a subscription, created when it is not there. */
export interface Post {
  ensure(): Promise<NatsConsumer>
  /** To be told of every event, so that a lost post goes on after it. */
  passed(sequence: number): void
  /** How many events are not handled yet; rejects when the post is not there. */
  behind(): Promise<number>
  /** Leaves nothing behind that nobody will read. */
  abandon(): Promise<void>
}

interface PostOptions {
  link: Link
  space: Space
  name: EventName
  consumer: Consumer
  ackWaitMs: number
}

/** The posts from which a consumer gets its events: one, or where a group keeps the order of partitions one for each. */
export async function postsFor(options: PostOptions): Promise<Post[]> {
  const { name, consumer, space } = options
  const [durable, subject] = [`${consumer.group}-${name}`, space.subject(EVENTS[name].wildcard)]
  if (consumer.delivery === 'each') return [ownPost(options, subject)]
  if (!isPartitioned(name)) return [sharedPost(options, { durable, subject, atOnce: MAX_ACK_PENDING })]
  await removeUnused(options, durable)
  return Array.from({ length: PARTITIONS }, (_, partition) =>
    sharedPost(options, {
      durable: `${durable}-${partition}`,
      subject: subject.replace('*', String(partition)),
      // The server itself keeps the order, among all members: it hands out none while one is not done with.
      atOnce: 1,
    }),
  )
}

/** Of a group, with its place in the stream; it stays when all have left, and then has kept their place. */
function sharedPost(
  { link, space, name, ackWaitMs }: PostOptions,
  { durable, subject, atOnce }: { durable: string; subject: string; atOnce: number },
): Post {
  const { manager, jetstream } = link
  const stream = streamOf(name, space)
  const config = {
    ...commonConfig(subject, ackWaitMs),
    max_ack_pending: atOnce,
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
    behind: () => behind(link, stream, durable),
    abandon: async () => undefined,
  }
}

/** Of one replica, from now on. */
function ownPost({ link, space, name, consumer, ackWaitMs }: PostOptions, subject: string): Post {
  const { manager, jetstream } = link
  const [stream, durable] = [streamOf(name, space), `${consumer.group}-${name}-${randomUUID()}`]
  let [streamCreated, next] = ['', 1]
  const config = {
    ...commonConfig(subject, ackWaitMs),
    max_ack_pending: MAX_ACK_PENDING,
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
    behind: () => behind(link, stream, durable),
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

const commonConfig = (subject: string, ackWaitMs: number) => ({
  filter_subject: subject,
  ack_policy: AckPolicy.Explicit,
  replay_policy: ReplayPolicy.Instant,
  ack_wait: nanos(ackWaitMs),
  // Dead letters are ours to make: the server would only skip the event, and tell nobody.
  max_deliver: -1,
})

const differs = (found: ConsumerConfig, { ack_wait, max_ack_pending, max_deliver }: Partial<ConsumerConfig>) =>
  found.ack_wait !== ack_wait || found.max_ack_pending !== max_ack_pending || found.max_deliver !== max_deliver

async function behind(link: Link, stream: string, durable: string): Promise<number> {
  const { num_pending, num_ack_pending } = await link.whileUp(() => link.manager.consumers.info(stream, durable))
  return num_pending + num_ack_pending
}

/** Groups once had one consumer for all partitions: it goes when nobody asks it any more and nobody has an event of it. */
async function removeUnused({ link: { manager }, space, name }: PostOptions, durable: string): Promise<void> {
  const stream = streamOf(name, space)
  const found = await manager.consumers.info(stream, durable).catch(nullIfMissing)
  if (found !== null && found.num_waiting === 0 && found.num_ack_pending === 0)
    // It does no harm where it stays, so whoever may not remove it goes on.
    await manager.consumers.delete(stream, durable).catch(() => undefined)
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null
  throw error
}
