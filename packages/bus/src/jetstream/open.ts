import type { Clock } from '@crypto-signals/clock'
import type { StreamInfo } from 'nats'
import { assertBounded } from '../bounds.ts'
import type { Bus, BusOptions, Subscription } from '../bus.ts'
import { createDeadLetterBox } from '../dead-letters.ts'
import { ownPost, sharedPost } from './consumers.ts'
import { createUndertaker } from './dead-stream.ts'
import { createDelivery } from './delivery.ts'
import { logDurability } from './durability.ts'
import { type Link, openLink } from './link.ts'
import { maxEventBytes, messageOf } from './message.ts'
import { createPublisher } from './publisher.ts'
import { ensureStreams } from './streams.ts'
import { subscribe } from './subscription.ts'
import { within } from './within.ts'

export interface JetStreamOptions extends BusOptions {
  url: string
  /** The server's monitoring address, if it has one: it tells how durable events are. */
  monitorUrl?: string | undefined
  patience?: Partial<Patience>
}

interface Patience {
  /** How long a publisher waits for NATS. */
  publishMs: number
  /** How long the server waits for a sign of life of whoever has an event. */
  ackMs: number
  retryDelaysMs: readonly number[]
}

const PATIENCE: Patience = {
  // Longer than a restart of the server takes.
  publishMs: 10_000,
  // What a killed process had in hand is handed out again within this; a handler that lives says so, however slow.
  ackMs: 20_000,
  // Five tries that together outlast a minute without the database.
  retryDelaysMs: [500, 5_000, 20_000, 60_000],
}

/** The bus of a system of many processes: events lie in JetStream's streams until they are handled. */
export async function openJetStream({ url, monitorUrl, clock, log, patience }: JetStreamOptions): Promise<Bus> {
  const { publishMs, ackMs, retryDelaysMs } = { ...PATIENCE, ...patience }
  const link = await openLink(url, { clock, log })
  const repair = () => ensureStreams(link.manager)
  await logDurability(link, await firstStreams(link, { clock, waitMs: publishMs }), { log, monitorUrl })

  const publish = createPublisher({ link, clock, waitMs: publishMs, repair })
  const box = createDeadLetterBox(log)
  const bury = createUndertaker(publish, () => maxEventBytes(link))
  const context = { link, clock, log, box, bury, ackWaitMs: ackMs, retryDelaysMs }
  const subscriptions = new Set<Subscription>()
  let closed = false
  const assertOpen = () => {
    if (closed) throw new Error('the bus is closed')
  }
  return {
    adapter: 'jetstream',
    async publish(name, event) {
      assertOpen()
      assertBounded(name, event)
      await publish(messageOf(name, event, maxEventBytes(link)))
    },
    async consume(name, consumer, handle) {
      assertOpen()
      const post = (consumer.delivery === 'each' ? ownPost : sharedPost)(link, name, consumer, ackMs)
      const deliver = createDelivery(name, consumer, handle, context)
      const subscription = await subscribe({
        link,
        post,
        deliver,
        repair,
        clock,
        log: log.child({ event: name, ...consumer }),
      })
      subscriptions.add(subscription)
      return subscription
    },
    deadLetters: box.read,
    async ping() {
      assertOpen()
      await link.ping()
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()))
      await link.close()
    },
  }
}

/** A cluster that has just started takes a while to agree on who leads. */
async function firstStreams(link: Link, { clock, waitMs }: { clock: Clock; waitMs: number }): Promise<StreamInfo[]> {
  let lastError: unknown
  const tryOn = async (signal: AbortSignal) => {
    for (;;) {
      try {
        return await ensureStreams(link.manager)
      } catch (error) {
        lastError = error
        await clock.sleep(FIRST_STREAMS_RETRY_MS, signal)
      }
    }
  }
  const tooLate = () => new Error('NATS gives us no streams: is JetStream on, and may we use it?', { cause: lastError })
  try {
    return await within(clock, waitMs, tryOn, tooLate)
  } catch (error) {
    await link.close()
    throw error
  }
}

const FIRST_STREAMS_RETRY_MS = 250
