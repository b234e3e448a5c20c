import type { Clock } from '@crypto-signals/clock'
import { ErrorCode, type MsgHdrs, NatsError } from 'nats'
import type { Link } from './link.ts'
import { unavailable } from './unavailable.ts'
import { createWaitingRoom } from './waiting-room.ts'
import { within } from './within.ts'

export interface Message {
  subject: string
  data: Uint8Array
  /** Under which a stream knows a repeat. */
  msgID: string
  headers?: MsgHdrs
}

/** Resolves when a stream has stored the message; rejects when that took longer than `waitMs` or cannot be. */
export type Publish = (message: Message) => Promise<void>

interface PublisherOptions {
  link: Link
  clock: Clock
  waitMs: number
  /** Brings back streams that are gone. */
  repair: () => Promise<unknown>
}

/** Publishes at most `MAX_IN_FLIGHT` messages at once, first come first served, and again when NATS was away meanwhile. */
export function createPublisher({ link, clock, waitMs, repair }: PublisherOptions): Publish {
  const slots = createSlots(MAX_IN_FLIGHT)
  return async (message) => {
    let lastError: unknown
    const tooLate = () =>
      unavailable(`NATS did not take an event for ${message.subject} within ${waitMs} ms`, { cause: lastError })
    const retryAfter = async (error: unknown) => {
      if (isFinal(error)) throw error
      lastError = error
      await clock.sleep(RETRY_MS)
      if (isNoStream(error)) await repair().catch(() => undefined)
    }
    await within(
      clock,
      waitMs,
      (signal) => slots.use(signal, () => untilTaken(message, { link, signal, retryAfter })),
      tooLate,
    )
  }
}

// Batches are a few hundred KiB: more at once would only lie in memory.
const MAX_IN_FLIGHT = 32
const ACK_TIMEOUT_MS = 5_000
// Not at once: a server that is still deleting a stream would take the files of a new one of that name with it.
const RETRY_MS = 100

interface Attempts {
  link: Link
  signal: AbortSignal
  retryAfter: (error: unknown) => Promise<void>
}

async function untilTaken(
  { subject, data, msgID, headers }: Message,
  { link, signal, retryAfter }: Attempts,
): Promise<void> {
  const options = { msgID, timeout: ACK_TIMEOUT_MS, ...(headers && { headers }) }
  for (;;) {
    // Never handed to the client while the server is away: it would pile up there.
    await link.up(signal)
    signal.throwIfAborted()
    try {
      await link.whileUp(() => link.jetstream.publish(subject, data, options))
      return
    } catch (error) {
      await retryAfter(error)
    }
  }
}

const FINAL: readonly string[] = [
  ErrorCode.MaxPayloadExceeded,
  ErrorCode.BadSubject,
  ErrorCode.BadHeader,
  ErrorCode.PermissionsViolation,
]
const isFinal = (error: unknown) => error instanceof NatsError && FINAL.includes(error.code)
const NO_STREAM: string = ErrorCode.NoResponders
const isNoStream = (error: unknown) => error instanceof NatsError && error.code === NO_STREAM

function createSlots(size: number) {
  let free = size
  const room = createWaitingRoom()
  return {
    async use(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
      if (free > 0) free--
      else await room.wait(signal)
      try {
        await work()
      } finally {
        if (!room.releaseOne()) free++
      }
    },
  }
}
