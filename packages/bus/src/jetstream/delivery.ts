import type { Clock } from '@crypto-signals/clock'
import type { EventName, EventOf } from '@crypto-signals/contracts'
import type { JsMsg } from 'nats'
import type { Logger } from 'pino'
import type { Consumer, DeadLetter, Handler } from '../bus.ts'
import { type DeadLetterBox, idOf, reasonOf } from '../dead-letters.ts'
import { faultFinder } from '../validation.ts'
import type { Link } from './link.ts'
import { isMissing } from './streams.ts'
import { within } from './within.ts'

export interface DeliveryContext {
  link: Link
  clock: Clock
  log: Logger
  box: DeadLetterBox
  bury: (message: JsMsg, letter: Omit<DeadLetter, 'event'>) => Promise<void>
  ackWaitMs: number
  /** The waits between the tries of one event. */
  retryDelaysMs: readonly number[]
}

/** Gives one message to its handler and tells the server what came of it. Never rejects. */
export function createDelivery<N extends EventName>(
  name: N,
  { group, delivery }: Consumer,
  handle: Handler<N>,
  context: DeliveryContext,
): (message: JsMsg) => Promise<void> {
  const { log, retryDelaysMs } = context
  const faultOf = faultFinder(name)
  const failures = countFailures()

  const giveUp = async (message: JsMsg, event: unknown, { reason, attempts }: Verdict) => {
    const letter = { name, group, reason, attempts }
    await context.bury(message, letter)
    message.term()
    context.box.add({ ...letter, event: keepable(event, message.data.length) })
  }
  const attempt = async (message: JsMsg, event: unknown) => {
    try {
      await handle(event as EventOf<N>)
    } catch (error) {
      const attempts = failures.add(message.seq)
      const delayMs = retryDelaysMs[attempts - 1]
      log.warn({ err: error, event: name, id: idOf(event), group, attempts }, 'event not handled')
      if (delayMs === undefined) return await giveUp(message, event, { reason: reasonOf(error), attempts })
      return message.nak(delayMs)
    }
    failures.forget(message.seq)
    // What a replica holds in memory alone may come twice; what a group has done should not be done again.
    if (delivery === 'each') message.ack()
    else await acknowledge(message, context)
  }
  return async (message) => {
    const stopBeating = keepAlive(message, context)
    try {
      const { event, fault } = read(message, faultOf)
      if (fault) await giveUp(message, event, { reason: fault, attempts: 0 })
      else if (message.info.deliveryCount > MAX_DELIVERIES)
        await giveUp(message, event, { reason: NEVER_FINISHED, attempts: message.info.deliveryCount - 1 })
      else await attempt(message, event)
    } catch (error) {
      // Within `ackWaitMs`, which the server sees to by itself.
      log.warn({ err: error, event: name, group }, 'event not acknowledged: it comes again')
    } finally {
      stopBeating()
    }
  }
}

/** How often a handler failed, by event. The server's count will not do: whoever was killed or stopped with an event in hand has not failed. */
function countFailures() {
  const counts = new Map<number, number>()
  return {
    add(sequence: number): number {
      const count = (counts.get(sequence) ?? 0) + 1
      counts.set(sequence, count)
      // The oldest of them: of those that another member handled in the end nothing is heard here.
      const [oldest] = counts.keys()
      if (counts.size > MAX_COUNTS && oldest !== undefined) counts.delete(oldest)
      return count
    },
    forget: (sequence: number) => void counts.delete(sequence),
  }
}

const MAX_COUNTS = 1_000

type Verdict = Pick<DeadLetter, 'reason' | 'attempts'>

// Far above the tries of a handler that fails, of several members too.
const MAX_DELIVERIES = 20
const NEVER_FINISHED = `handed out ${MAX_DELIVERIES} times and never finished: it may be what ends its handlers`

// The last hundred are kept in memory; the stream has them whole.
const KEPT_BYTES = 16_384

const keepable = (event: unknown, bytes: number) => (bytes <= KEPT_BYTES ? event : { id: idOf(event), bytes })

function read(message: JsMsg, faultOf: (event: unknown) => string | undefined) {
  const text = message.string()
  try {
    const event: unknown = JSON.parse(text)
    return { event, fault: faultOf(event) }
  } catch (error) {
    return { event: text, fault: `not JSON: ${reasonOf(error)}` }
  }
}

/** Resolves when the server knows that the event is handled. Waits for one that is away, but not until it hands the event out again. */
async function acknowledge(message: JsMsg, { link, clock, ackWaitMs }: DeliveryContext): Promise<void> {
  // Not by the message's own method, which tries once in its life.
  const { reply } = message as unknown as { reply: string }
  const tryOn = async (signal: AbortSignal) => {
    for (;;) {
      await link.up(signal)
      signal.throwIfAborted()
      const told = await link.whileUp(() => link.nats.request(reply, ACK)).catch(() => null)
      if (told !== null || (await isForgotten(message, link))) return
      await clock.sleep(ACK_RETRY_MS, signal)
    }
  }
  await within(clock, ackWaitMs / 4, tryOn, () => new Error('NATS is away'))
}

/** Whether there is no consumer any more that would want to know what became of its message. */
const isForgotten = ({ info }: JsMsg, link: Link) =>
  link.whileUp(() => link.manager.consumers.info(info.stream, info.consumer)).then(() => false, isMissing)

const ACK = '+ACK'
const ACK_RETRY_MS = 100

/** Tells the server that the message is being worked on, however long that takes. */
function keepAlive(message: JsMsg, { clock, ackWaitMs, log }: DeliveryContext): () => void {
  const done = new AbortController()
  const beat = async () => {
    for (;;) {
      await clock.sleep(ackWaitMs / 3, done.signal)
      message.working()
    }
  }
  beat().catch((error: unknown) => {
    if (!done.signal.aborted) log.warn({ err: error }, 'NATS was not told that an event is being worked on')
  })
  return () => done.abort()
}
