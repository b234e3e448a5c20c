import type { Clock } from '@crypto-signals/clock'
import type { EventName, EventOf } from '@crypto-signals/contracts'
import type { Logger } from 'pino'
import type { Handler } from './bus.ts'
import { type DeadLetterBox, idOf, reasonOf } from './dead-letters.ts'
import { faultFinder } from './validation.ts'

interface DeliveryOptions<N extends EventName> {
  name: N
  group: string
  handle: Handler<N>
  clock: Clock
  log: Logger
  box: DeadLetterBox
}

/** Gives one event to its handler, again after growing delays if that fails, until it is handled or a dead letter. */
export function createDelivery<N extends EventName>({ name, group, handle, clock, log, box }: DeliveryOptions<N>) {
  const faultOf = faultFinder(name)
  return async (event: unknown, leaving: AbortSignal): Promise<void> => {
    const fault = faultOf(event)
    if (fault !== undefined) return box.add({ name, group, event, reason: fault, attempts: 0 })
    for (let attempts = 1; ; attempts++) {
      try {
        return await handle(event as EventOf<N>)
      } catch (error) {
        const reason = reasonOf(error)
        const delayMs = RETRY_DELAYS_MS[attempts - 1]
        log.warn({ err: error, event: name, id: idOf(event), group, attempts }, 'event not handled')
        if (delayMs === undefined) return box.add({ name, group, event, reason, attempts })
        // Who leaves has no time for the delay, but the tries are still due.
        await clock.sleep(delayMs, leaving).catch(() => undefined)
      }
    }
  }
}

/** The waits between the tries of one event. Later events of the same consumer wait too: the order is kept. */
const RETRY_DELAYS_MS = [100, 500, 2_000, 5_000]
