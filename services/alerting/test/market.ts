import { type Bus, openBus } from '@crypto-signals/bus'
import { type Clock, systemClock } from '@crypto-signals/clock'
import { type Alert, type AlertTriggered, partitionOf, type ScoredCoin } from '@crypto-signals/contracts'
import { createMetrics, createServer, type Service } from '@crypto-signals/service'
import { type AlertStore, openStore, type Store } from '@crypto-signals/store'
import { alertOf, captureLog, FakeClock, type LogLine, quoteOf, scoredCoinOf, tempDir } from '@crypto-signals/testing'
import type { Test } from 'tap'
import { buildAlerting } from '../src/app.ts'

export const START = Date.parse('2026-01-01T00:00:00.000Z')

/** The minute-th observation of Bitcoin. */
export const at = (minute: number, price: number, finalScore = 50) => {
  const instant = new Date(START + minute * 60_000).toISOString()
  return scoredCoinOf({ observedAt: instant, updatedAt: instant, price, finalScore })
}

/** A market with a store that outlives services, and a bus that can be lost with them. */
export async function openMarket(t: Test) {
  const dir = await tempDir()
  const clock = new FakeClock(START)
  const { log, lines } = captureLog()
  const store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  const end = async () => dir[Symbol.asyncDispose]()
  const market = await marketOn(t, { clock, log, lines, store, open: () => openBus({ clock, log }), end })
  return { ...market, clock }
}

/** The same on servers; `namespace` is a word of small letters that no other market of this NATS server has. */
export async function openServerMarket(t: Test, servers: { nats: string; mongodb: string; namespace: string }) {
  const clock = systemClock
  const { log, lines } = captureLog()
  const store = await openStore({ url: servers.mongodb, log })
  const open = () => openBus({ url: servers.nats, namespace: servers.namespace, clock, log })
  return await marketOn(t, { clock, log, lines, store, open, end: async () => undefined })
}

interface Ground {
  clock: Clock
  log: ReturnType<typeof captureLog>['log']
  lines: LogLine[]
  store: Store
  /** A bus; on a server, one more connection to it. */
  open: () => Promise<Bus>
  end: () => Promise<unknown>
}

async function marketOn(t: Test, { clock, log, lines, store, open, end }: Ground) {
  await store.quotes.save([quoteOf()])
  const told: AlertTriggered[] = []
  const ends: (() => Promise<unknown>)[] = []
  t.teardown(async () => {
    for (const dispose of ends.reverse()) await dispose()
    await store[Symbol.asyncDispose]()
    await end()
  })
  const openConnection = async () => {
    const bus = await open()
    ends.push(async () => bus[Symbol.asyncDispose]())
    return bus
  }
  const openWorld = async () => worldOn(await openConnection(), store, told)

  function build(bus: Bus, alerts: Partial<AlertStore> = {}) {
    const metrics = createMetrics()
    const faulty: Store = { ...store, alerts: { ...store.alerts, ...alerts } }
    const config = { simulated: false, maxAlerts: 1000 }
    let handled = 0
    const counted: Bus = {
      ...bus,
      consume: (name, consumer, handle) =>
        bus.consume(name, consumer, async (event) => {
          await handle(event)
          handled++
        }),
    }
    const service = buildAlerting({ bus: counted, store: faulty, clock, log, metrics }, config)
    const app = createServer({ log, metrics })
    app.register(service.routes ?? (() => undefined))
    ends.push(async () => app.close())
    const post = async (body: object) =>
      (await app.inject({ method: 'POST', url: '/api/alerts', payload: body })).json()
    const remove = (alertId: string) => app.inject({ method: 'DELETE', url: `/api/alerts/${alertId}` })
    const evaluations = async () =>
      Number(/^alerting_evaluations_total (\d+)$/m.exec(await metrics.metrics())?.[1] ?? Number.NaN)
    return { service, app, post, remove, metrics, evaluations, handled: () => handled }
  }

  const triggers = () => told.map(({ trigger }) => trigger)
  const firings = async () => (await store.alerts.triggered({ offset: 0, limit: 1000 })).rows.reverse()
  const add = (alert: Partial<Alert> = {}) =>
    store.alerts.create({
      alert: alertOf({ settings: { threshold: 100 }, ...alert }),
      version: 1,
      seen: null,
      lastAction: null,
    })
  return { store, lines, told, triggers, openWorld, openConnection, build, firings, add }
}

/** A bus, and what is sent and heard on it. */
async function worldOn(bus: Bus, store: Store, told: AlertTriggered[]) {
  const ear = await bus.consume('alerts', { group: 'test', delivery: 'each' }, async (event) => void told.push(event))
  /** Stores and sends one observation as scoring does. */
  const score = async (coin: ScoredCoin) => {
    await store.signals.save([coin])
    await send(coin)
  }
  const send = (coin: ScoredCoin) => {
    const id = `${coin.coinId} ${coin.signals[0]?.updatedAt}`
    return bus.publish('signals', { id, partition: partitionOf(coin.coinId), rows: [coin] })
  }
  /** Until all that was sent is handled. */
  const end = async (...services: Service[]) => {
    for (const service of services) await service.stop()
    await ear.stop()
  }
  return { bus, score, send, end }
}
