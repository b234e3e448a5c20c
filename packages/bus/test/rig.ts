import { systemClock } from '@crypto-signals/clock'
import { captureLog, type NatsServer } from '@crypto-signals/testing'
import { connect, type NatsConnection } from 'nats'
import { type JetStreamOptions, openJetStream } from '../src/jetstream/open.ts'

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

/** The dead letters that lie on the server, the oldest first. */
export async function deadLettersOf({ manager }: Awaited<ReturnType<typeof administer>>) {
  const { state } = await manager.streams.info('DEAD')
  const sequences = Array.from({ length: state.last_seq - state.first_seq + 1 }, (_, index) => state.first_seq + index)
  const found = await Promise.all(sequences.map((seq) => manager.streams.getMessage('DEAD', { seq }).catch(() => null)))
  return found.filter((letter) => letter !== null)
}
