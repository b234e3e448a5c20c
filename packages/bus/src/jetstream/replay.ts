import { EVENT_NAMES, type EventName } from '@crypto-signals/contracts'
import { AckPolicy, connect, DeliverPolicy, type JsMsg, type NatsConnection, nanos } from 'nats'
import { addressOf } from './address.ts'
import { DEAD, deadSubject, HEADER } from './dead-stream.ts'
import { type Space, spaceOf } from './space.ts'
import { ensureStreams } from './streams.ts'

export interface ReplayOptions {
  /** Only the dead letters of this event; all otherwise. */
  name?: EventName | undefined
  /** At most so many, the oldest first; all otherwise. */
  limit?: number | undefined
  /** That of the system whose dead letters they are. */
  namespace?: string | undefined
}

export interface Replay {
  /** How many went to their subjects again, and are dead letters no more. */
  replayed: number
  /** How many stay because they were too large to be kept whole, or are none of ours. */
  kept: number
}

/** Replays the dead letters that lie there now. */
export async function replay(url: string, { name, limit = Infinity, namespace }: ReplayOptions): Promise<Replay> {
  if (name !== undefined && !EVENT_NAMES.includes(name)) throw new TypeError(`no event is called ${name}`)
  const space = spaceOf(namespace)
  const nats = await connect({ ...addressOf(url), maxReconnectAttempts: 10 })
  try {
    const counts = { replayed: 0, kept: 0 }
    // A message goes out before its letter goes away: what is cut short between the two repeats the message.
    for await (const letter of lettersOf(nats, space, name ?? '*', limit)) {
      const done = await republish(nats, space.stream(DEAD), letter)
      counts[done ? 'replayed' : 'kept']++
    }
    return counts
  } finally {
    await nats.close()
  }
}

/** Those that lie there now: what comes back while they are replayed is not replayed again. */
async function* lettersOf(
  nats: NatsConnection,
  space: Space,
  name: EventName | '*',
  limit: number,
): AsyncGenerator<JsMsg> {
  const stream = space.stream(DEAD)
  const manager = await nats.jetstreamManager({ checkAPI: false })
  await ensureStreams(manager, space)
  const { name: reader, num_pending } = await manager.consumers.add(stream, {
    filter_subject: space.subject(deadSubject(name, '*')),
    deliver_policy: DeliverPolicy.All,
    ack_policy: AckPolicy.None,
    inactive_threshold: nanos(READER_INACTIVE_MS),
  })
  const consumer = await nats.jetstream().consumers.get(stream, reader)
  for (let left = Math.min(limit, num_pending); left > 0; left--) {
    const letter = await consumer.next({ expires: NEXT_TIMEOUT_MS })
    if (letter === null) return
    yield letter
  }
}

const READER_INACTIVE_MS = 60_000
const NEXT_TIMEOUT_MS = 5_000

async function republish(nats: NatsConnection, deadStream: string, letter: JsMsg): Promise<boolean> {
  const [subject, origin] = [letter.headers?.get(HEADER.subject), letter.headers?.get(HEADER.origin)]
  const isCut = letter.headers?.has(HEADER.wholeBytes) ?? false
  if (!subject || !origin || isCut) return false
  await nats.jetstream().publish(subject, letter.data, { msgID: `replay:${origin}` })
  const manager = await nats.jetstreamManager({ checkAPI: false })
  await manager.streams.deleteMessage(deadStream, letter.seq, false)
  return true
}
