import type { Clock } from '@crypto-signals/clock'
import type { StreamInfo } from 'nats'
import { assertBounded } from '../bounds.ts'
import type { Bus, BusOptions, Subscription } from '../bus.ts'
import { createDeadLetterBox } from '../dead-letters.ts'
import { postsFor } from './consumers.ts'
import { createUndertaker } from './dead-stream.ts'
import { createDelivery } from './delivery.ts'
import { logDurability } from './durability.ts'
import { type Link, openLink } from './link.ts'
import { maxEventBytes, messageOf } from './message.ts'
import { createPublisher } from './publisher.ts'
import { spaceOf } from './space.ts'
import { ensureStreams } from './streams.ts'
import { subscribe } from './subscription.ts'
import { unavailable } from './unavailable.ts'
import { within } from './within.ts'

export interface JetStreamOptions extends BusOptions {
  url: string
  /** The server's monitoring address, if it has one: it tells how durable events are. */
  monitorUrl?: string | undefined
  namespace?: string | undefined
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
  // Five tries that together outlast a minute without the database. A partition waits meanwhile: none is much longer than needed.
  retryDelaysMs: [500, 5_000, 25_000, 30_000],
}

/** The bus of a system of many processes: events lie in JetStream's streams until they are handled. */
export async function openJetStream(options: JetStreamOptions): Promise<Bus> {
  const { url, monitorUrl, clock, log } = options
  const { publishMs, ackMs, retryDelaysMs } = { ...PATIENCE, ...options.patience }
  const space = spaceOf(options.namespace)
  const link = await openLink(url, { clock, log })
  const repair = oneAtATime(() => ensureStreams(link.manager, space))
  await logDurability(link, await firstStreams(link, { repair, clock, waitMs: publishMs }), { log, monitorUrl })

  const publish = createPublisher({ link, clock, waitMs: publishMs, repair })
  const box = createDeadLetterBox(log)
  const bury = createUndertaker(publish, space, () => maxEventBytes(link))
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
      await publish(messageOf(name, event, { space, maxBytes: maxEventBytes(link) }))
    },
    async consume(name, consumer, handle) {
      assertOpen()
      const deliver = createDelivery(name, consumer, handle, context)
      const options = { link, deliver, repair, clock, log: log.child({ event: name, ...consumer }) }
      const subscription = await postsFor({ link, space, name, consumer, ackWaitMs: ackMs })
        .then((posts) => subscribe({ ...options, posts }))
        .catch((cause: Error) => {
          throw unavailable(`NATS gives us no ${name}: ${cause.message}`, { cause })
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

/** The same answer for all who ask meanwhile: many subscriptions may miss one stream. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
}

/** A cluster that has just started takes a while to agree on who leads. */
async function firstStreams(
  link: Link,
  { repair, clock, waitMs }: { repair: () => Promise<StreamInfo[]>; clock: Clock; waitMs: number },
): Promise<StreamInfo[]> {
  let lastError: unknown
  const tryOn = async (signal: AbortSignal) => {
    for (;;) {
      try {
        return await repair()
      } catch (error) {
        lastError = error
        await clock.sleep(FIRST_STREAMS_RETRY_MS, signal)
      }
    }
  }
  const tooLate = () =>
    unavailable('NATS gives us no streams: is JetStream on, and may we use it?', { cause: lastError })
  try {
    return await within(clock, waitMs, tryOn, tooLate)
  } catch (error) {
    await link.close()
    throw error
  }
}

const FIRST_STREAMS_RETRY_MS = 250
