import { systemClock } from '@crypto-signals/clock'
import { captureLog, type NatsServer } from '@crypto-signals/testing'
import { connect, type NatsConnection } from 'nats'
import { type JetStreamOptions, openJetStream } from '../src/jetstream/open.ts'

export const SHARED = { group: 'group', delivery: 'shared' } as const
export const EACH = { group: 'group', delivery: 'each' } as const

/** A bus on a real server, and what it logs. */
export async function openOn({ url }: Pick<NatsServer, 'url'>, options: Partial<JetStreamOptions> = {}) {
  const { log, lines } = captureLog()
  const bus = await openJetStream({ url, clock: systemClock, log, ...options })
  return { bus, lines, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() }
}

/** An administrator's connection, who may do what the bus would not. */
export async function administer({ url }: Pick<NatsServer, 'url'>) {
  const nats: NatsConnection = await connect({ servers: url.replace('nats://', ''), maxReconnectAttempts: -1 })
  const manager = await nats.jetstreamManager()
  return {
    manager,
    jetstream: nats.jetstream(),
    /** Leaves the server as if it were new. */
    async clear() {
      for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name)
    },
    [Symbol.asyncDispose]: () => nats.close(),
  }
}
