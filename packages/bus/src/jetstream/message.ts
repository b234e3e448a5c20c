import { EVENTS, type EventName, type EventOf } from '@crypto-signals/contracts'
import type { Link } from './link.ts'
import type { Message } from './publisher.ts'
import type { Space } from './space.ts'

/** An event as a stream takes it; throws when it has more bytes than `maxBytes`. A repeat has the same id. */
export function messageOf<N extends EventName>(
  name: N,
  event: EventOf<N>,
  { space, maxBytes }: { space: Space; maxBytes: number },
): Message {
  const subjectOf = EVENTS[name].subject as (event: EventOf<N>) => string
  const data = new TextEncoder().encode(JSON.stringify(event))
  if (data.length > maxBytes) throw new RangeError(`${name} of ${data.length} bytes: NATS takes at most ${maxBytes}`)
  // Whatever stands in its place must not end the header it is written into.
  const { id }: { id: unknown } = event
  return {
    subject: space.subject(subjectOf(event)),
    data,
    msgID: `${name}:${encodeURIComponent(String(id).toWellFormed())}`,
  }
}

/** How large an event may be for the server to take it, also as a dead letter. */
export const maxEventBytes = ({ nats }: Link): number =>
  (nats.info?.max_payload ?? DEFAULT_MAX_PAYLOAD) - HEADER_ROOM_BYTES

// For what a dead letter says about its event.
const HEADER_ROOM_BYTES = 4_096
// While NATS is away, it does not say.
const DEFAULT_MAX_PAYLOAD = 2 ** 20
