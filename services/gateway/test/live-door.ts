import type { Socket } from 'node:net'
import type { Clock } from '@crypto-signals/clock'
import { dataVersionOf } from '@crypto-signals/contracts'
import type { Test } from 'tap'
import { openDoor } from './door.ts'
import { startReplica, type TestReplica } from './replica.ts'

/** The version of the data of every replica. */
export const V1 = dataVersionOf(1e12, 1)

const READY = { ready: true, reasons: [], counts: { coins: 1, signals: 4 }, version: V1 }

/** A replica of query-api that is well. */
export const replica = (changes: Parameters<typeof startReplica>[0] = {}) =>
  startReplica({ readiness: READY, ...changes })

/** The door in front of these replicas of query-api, with a limit of requests that nobody reaches. */
export async function door(t: Test, replicas: TestReplica[], env: Record<string, string> = {}, clock?: Clock) {
  const options = { env: { RATE_LIMIT_PER_MINUTE: '100000', ...env }, clock }
  const opened = await openDoor(t, replicas, [await startReplica()], options)
  const sockets = new Set<Socket>()
  opened.process.server.server.on('connection', (socket: Socket) => sockets.add(socket))
  const gauge = async (transport: string) =>
    (await opened.metrics.getSingleMetric('gateway_streams')?.get())?.values.find(
      ({ labels }) => labels.transport === transport,
    )?.value
  return { ...opened, sockets, gauge }
}
