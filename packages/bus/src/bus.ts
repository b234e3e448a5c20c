import type { Clock } from '@crypto-signals/clock'
import type { EventName, EventOf } from '@crypto-signals/contracts'
import type { Logger } from 'pino'

/**
 * Events between services, at least once: an event whose handler fails is handed out again, and after the last try it
 * becomes a dead letter and the flow goes on. One event's repeats carry the same `id`.
 */
export interface Bus extends AsyncDisposable {
  readonly adapter: 'in-process' | 'jetstream'
  /**
   * Resolves once the bus has taken the event over; waits while consumers are too far behind. From then on the event
   * is read-only for everybody: publisher and handlers of one process may hold the same object.
   * Rejects when the bus is closed, when a batch has more rows than `MAX_BATCH_ROWS` or lies in no partition, and when a
   * server that is away for long has not taken it: it may then still come, and be published again under the same `id`.
   */
  publish<N extends EventName>(name: N, event: EventOf<N>): Promise<void>
  /**
   * Hands every event of a name to `handle`, in the order of publishing; an event counts as handled when `handle` resolves.
   * Once it resolves, a consumer to whom `each` event goes misses none.
   * Where events lie in partitions, a `shared` group handles those of one partition one after the other, across all of its
   * members: the next waits while one is tried again, also when the member that had it was killed. Several partitions may be
   * handled at once. Elsewhere a member handles one event at a time, and one that is handed out again may come after later ones.
   * An event that does not fit its schema never reaches `handle`: it becomes a dead letter at once.
   */
  consume<N extends EventName>(name: N, consumer: Consumer, handle: Handler<N>): Promise<Subscription>
  /** What this process gave up on since it started. */
  deadLetters(): DeadLetters
  /** Rejects when the bus does not answer. */
  ping(): Promise<void>
}

export interface BusOptions {
  clock: Clock
  log: Logger
}

export type Handler<N extends EventName> = (event: EventOf<N>) => Promise<void>

export interface Consumer {
  /** The durable name; consumers of one group share the work, each event goes to one of them. */
  group: string
  /** `each`: every replica of the group gets every event instead. */
  delivery: 'shared' | 'each'
}

export interface Subscription {
  /** How many events were published for the group (the replica, where `each` has its own) and are not handled yet. Rejects when the bus cannot tell. */
  behind(): Promise<number>
  /** Takes no new events, resolves when what is being handled is done with: its other tries follow at once, or are left to the group. */
  stop(): Promise<void>
}

/** An event that could not be handled, kept with the reason. */
export interface DeadLetter {
  name: EventName
  group: string
  event: unknown
  reason: string
  /** How often the handler was given it; 0 if it did not fit its schema. */
  attempts: number
}

export interface DeadLetters {
  total: number
  /** The last hundred, oldest first. */
  latest: readonly DeadLetter[]
}
