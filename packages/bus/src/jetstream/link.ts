import type { Clock } from '@crypto-signals/clock'
import { Events, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats'
import type { Logger } from 'pino'
import { connectTo } from './connect.ts'
import { unavailable } from './unavailable.ts'
import { createWaitingRoom } from './waiting-room.ts'
import { within } from './within.ts'

/** The one connection of a bus: it knows whether the server is there. */
export interface Link {
  readonly nats: NatsConnection
  readonly jetstream: JetStreamClient
  readonly manager: JetStreamManager
  /** Resolves when the server is there; rejects when the bus is closed or `signal` is aborted. */
  up(signal: AbortSignal): Promise<void>
  /** What `work` says, but rejects as soon as the server is away: it would wait for an answer that never comes. */
  whileUp<T>(work: () => Promise<T>): Promise<T>
  ping(): Promise<void>
  /** Sends what is left to be sent, then rejects what waits. */
  close(): Promise<void>
}

export async function openLink(url: string, { clock, log }: { clock: Clock; log: Logger }): Promise<Link> {
  const nats = await connectTo(url, { clock, log })
  const waiters = createWaiters()
  void followStatus(nats, waiters, log)
  const flush = () =>
    within(
      clock,
      PING_TIMEOUT_MS,
      () => waiters.whileUp(() => nats.flush()),
      () => unavailable('NATS does not answer'),
    )
  return {
    nats,
    jetstream: nats.jetstream({ timeout: API_TIMEOUT_MS }),
    // Its check would be one more request, and its rejection says less than that of the first real one.
    manager: await nats.jetstreamManager({ timeout: API_TIMEOUT_MS, checkAPI: false }),
    up: (signal) => waiters.whenUp(signal),
    whileUp: (work) => waiters.whileUp(work),
    ping: flush,
    async close() {
      await flush().catch(() => undefined)
      waiters.end(new Error('the bus is closed'))
      await nats.close()
    },
  }
}

const PING_TIMEOUT_MS = 2_000
const API_TIMEOUT_MS = 5_000

type Waiters = ReturnType<typeof createWaiters>

/** Who waits for the server to come back, and who must know when it goes away. */
function createWaiters() {
  let [up, ended]: [boolean, Error | undefined] = [true, undefined]
  const forReturn = createWaitingRoom()
  const forLoss = new Set<(error: Error) => void>()
  const lose = (error: Error) => {
    up = false
    for (const reject of forLoss) reject(error)
  }
  return {
    lose,
    regain() {
      up = true
      forReturn.releaseAll()
    },
    end(error: Error) {
      ended = error
      lose(error)
      forReturn.releaseAll()
    },
    async whenUp(signal: AbortSignal): Promise<void> {
      if (!up && !ended) await forReturn.wait(signal)
      if (ended) throw ended
    },
    // A race against one promise for the life of the connection would keep everything that ever raced.
    async whileUp<T>(work: () => Promise<T>): Promise<T> {
      if (!up) throw ended ?? unavailable('NATS is away')
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      forLoss.add(reject)
      work().then(resolve, reject)
      return await promise.finally(() => forLoss.delete(reject))
    },
  }
}

async function followStatus(nats: NatsConnection, waiters: Waiters, log: Logger): Promise<void> {
  for await (const { type, data } of nats.status()) {
    if (type === Events.Disconnect) {
      log.warn('NATS is away')
      waiters.lose(unavailable('NATS is away'))
    } else if (type === Events.Reconnect) {
      log.info('NATS is back')
      waiters.regain()
    } else if (type === Events.Error) log.warn({ reason: data }, 'NATS refused something')
  }
}
