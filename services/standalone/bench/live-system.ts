import type { AddressInfo, Server, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MAX_BATCH_ROWS, partitionOf, type Quote, TIMEFRAMES } from '@crypto-signals/contracts'
import { buildQueryApi } from '@crypto-signals/query-api'
import { createServer, type Ports } from '@crypto-signals/service'
import { manyQuotes, manyScoredCoins, until } from '@crypto-signals/testing'
import { openEngines } from './engines.ts'

/** A query-api in this process, behind a port, with a whole market that changes when it is told to. */
export interface LiveSystem extends AsyncDisposable {
  port: number
  /** The open connections. */
  sockets: ReadonlySet<Socket>
  version(): Promise<string>
  /** Has so many coins observed anew, at once; tells the version that makes and when it was taken in, ms since the epoch. */
  change(coins: number): Promise<{ version: string; atMs: number }>
  /** One of the process's figures, 0 if there is none. */
  figure(line: string): Promise<number>
}

export async function startLiveSystem(coins: number): Promise<LiveSystem> {
  await using opened = new AsyncDisposableStack()
  const ports = await openEngines(opened, { simulated: true })
  const queryApi = buildQueryApi(ports, { simulated: true })
  await queryApi.start()
  opened.defer(() => queryApi.stop())
  const app = createServer({ log: ports.log, metrics: ports.metrics })
  await app.register(queryApi.routes)
  await app.listen({ port: 0, host: '127.0.0.1' })
  opened.defer(() => app.close())
  const version = async () => (await queryApi.readiness()).version ?? ''
  const publishing = createPublishing(ports, coins)
  await publishing.all()
  await until(async () => {
    queryApi.flush()
    const { counts } = await queryApi.readiness()
    return counts.coins === coins && counts.signals === coins * TIMEFRAMES.length
  })
  const { port } = app.server.address() as AddressInfo
  const rest = opened.move()
  return {
    port,
    sockets: socketsOf(app.server),
    version,
    async change(count) {
      const before = await version()
      await publishing.some(count)
      for (;;) {
        const atMs = performance.timeOrigin + performance.now()
        queryApi.flush()
        const now = await version()
        if (now !== before) return { version: now, atMs }
        await setImmediate()
      }
    },
    figure: async (line) => {
      const [, value = '0'] =
        (await ports.metrics.metrics())
          .split('\n')
          .find((one) => one.startsWith(line))
          ?.split(' ') ?? []
      return Number(value)
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  }
}

function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

const WEEK = Array.from({ length: 168 }, (_, hour) => 100 + 10 * Math.sin(hour / 9))

function createPublishing({ bus }: Ports, coins: number) {
  const quotes = manyQuotes(coins).map((quote) => ({ ...quote, sparkline: WEEK }))
  const byPartition = Map.groupBy(quotes, ({ coinId }) => partitionOf(coinId))
  let [events, moment] = [0, Date.now()]
  const publish = (partition: number, rows: readonly Quote[]) => {
    const at = new Date(++moment).toISOString()
    const observed = rows.map((row) => ({ ...row, observedAt: at, receivedAt: at }))
    return bus.publish('quotes', { id: `bench-${events++}`, partition, rows: observed })
  }
  return {
    async all() {
      for (const [partition, rows] of byPartition) {
        for (let i = 0; i < rows.length; i += MAX_BATCH_ROWS)
          await publish(partition, rows.slice(i, i + MAX_BATCH_ROWS))
      }
      for (const [partition, rows] of Map.groupBy(manyScoredCoins(coins), ({ coinId }) => partitionOf(coinId))) {
        for (let i = 0; i < rows.length; i += MAX_BATCH_ROWS) {
          await bus.publish('signals', { id: `bench-${events++}`, partition, rows: rows.slice(i, i + MAX_BATCH_ROWS) })
        }
      }
    },
    async some(count: number) {
      const partition = events % byPartition.size
      const rows = byPartition.get(partition) ?? []
      const from = (events * count) % (rows.length - count)
      await publish(partition, rows.slice(from, from + count))
    },
  }
}

export const rssMb = (): number => process.memoryUsage.rss() / 2 ** 20

/** What is held in the process, once what nobody holds any more is gone. */
export function heldMb(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}
