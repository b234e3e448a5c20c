import type { Clock } from '@crypto-signals/clock'
import type { ConsumerMessages, JsMsg, Consumer as NatsConsumer } from 'nats'
import type { Logger } from 'pino'
import type { Subscription } from '../bus.ts'
import type { Post } from './consumers.ts'
import type { Link } from './link.ts'

interface SubscriptionOptions {
  link: Link
  posts: readonly Post[]
  deliver: (message: JsMsg) => Promise<void>
  /** Brings back streams that are gone. */
  repair: () => Promise<unknown>
  clock: Clock
  log: Logger
}

/** Takes messages from all of its posts until it is stopped, of each one after the other. */
export async function subscribe({ posts, ...options }: SubscriptionOptions): Promise<Subscription> {
  const manned = await Promise.all(posts.map(async (post) => ({ post, consumer: await post.ensure() })))
  const takers = manned.map(({ post, consumer }) => takeFrom(post, consumer, options))
  return {
    async behind() {
      const counts = await Promise.all(posts.map((post) => post.behind()))
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async stop() {
      await Promise.all(takers.map(({ stop }) => stop()))
    },
  }
}

/** Takes one message after the other until it is stopped, whatever happens to the server. */
function takeFrom(
  post: Post,
  first: NatsConsumer,
  { link, deliver, repair, clock, log }: Omit<SubscriptionOptions, 'posts'>,
): Pick<Subscription, 'stop'> {
  const leaving = new AbortController()
  const { signal } = leaving
  let messages: ConsumerMessages | undefined

  const take = async (consumer: NatsConsumer) => {
    messages = await consumer.consume(ONE_AT_A_TIME)
    // Asked to leave while it was being opened.
    if (signal.aborted) void drain(messages, link)
    for await (const message of messages) {
      if (signal.aborted) message.nak()
      else await deliver(message)
      post.passed(message.seq)
      // Going on would ask for one more.
      if (signal.aborted) return
    }
  }
  const run = async () => {
    let consumer: NatsConsumer | undefined = first
    while (!signal.aborted) {
      try {
        await take(consumer ?? (await post.ensure()))
      } catch (error) {
        if (signal.aborted) return
        log.warn({ err: error }, 'subscription lost: it is taken up again')
        await clock.sleep(RESUME_WAIT_MS, signal).catch(() => undefined)
        await repair().catch(() => undefined)
      }
      consumer = undefined
    }
  }
  const running = run()
  return {
    async stop() {
      leaving.abort()
      if (messages) await drain(messages, link)
      await running
      await post.abandon().catch(() => undefined)
    },
  }
}

// A server that is still deleting a stream would take the files of a new one of that name with it.
const RESUME_WAIT_MS = 500

// More would wait here, unhandled and unacknowledged, while other members of the group have nothing to do.
const ONE_AT_A_TIME = {
  max_messages: 1,
  // How long one request stands. There may be one for each partition, of each member.
  expires: 30_000,
  // Two of them missed, and it is asked again: a request may be lost, as when its stream is deleted at that moment.
  idle_heartbeat: 2_500,
  // A consumer that was deleted is created again, by us.
  abort_on_missing_resource: true,
}

/**
 * Takes what the server has already sent, and no more. The client's own `stop` drops it: it would be nobody's until the
 * server misses it. So this reaches for the subscription within, which the client drains likewise when all is drained.
 */
async function drain(messages: ConsumerMessages, link: Link): Promise<void> {
  const { sub } = messages as unknown as { sub: { drain(): Promise<void> } }
  await link.whileUp(() => sub.drain()).catch(() => messages.stop())
}
