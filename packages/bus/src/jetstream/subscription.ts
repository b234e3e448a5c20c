import type { Clock } from '@crypto-signals/clock'
import type { ConsumerMessages, JsMsg, Consumer as NatsConsumer } from 'nats'
import type { Logger } from 'pino'
import type { Subscription } from '../bus.ts'
import type { Post } from './consumers.ts'
import type { Link } from './link.ts'

interface SubscriptionOptions {
  link: Link
  post: Post
  deliver: (message: JsMsg) => Promise<void>
  /** Brings back streams that are gone. */
  repair: () => Promise<unknown>
  clock: Clock
  log: Logger
}

/** Takes one message after the other from the server until it is stopped, whatever happens to the server. */
export async function subscribe({
  link,
  post,
  deliver,
  repair,
  clock,
  log,
}: SubscriptionOptions): Promise<Subscription> {
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
  const run = async (consumer: NatsConsumer | undefined) => {
    while (!signal.aborted) {
      try {
        await take(consumer ?? (await post.ensure()))
      } catch (error) {
        if (signal.aborted) return
        log.warn({ err: error }, 'subscription lost: it is taken up again')
        await repair().catch(() => undefined)
        await clock.sleep(RESUME_WAIT_MS, signal).catch(() => undefined)
      }
      consumer = undefined
    }
  }
  const running = run(await post.ensure())
  return {
    async stop() {
      leaving.abort()
      if (messages) await drain(messages, link)
      await running
      await post.abandon().catch(() => undefined)
    },
  }
}

const RESUME_WAIT_MS = 500

// More would wait here, unhandled and unacknowledged, while other members of the group have nothing to do.
const ONE_AT_A_TIME = {
  max_messages: 1,
  // How long one request stands; also how soon one is asked again that was lost.
  expires: 5_000,
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
