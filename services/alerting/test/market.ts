import { type Bus, openBus } from '@crypto-signals/bus'
import { type Alert, type AlertTriggered, partitionOf, type ScoredCoin } from '@crypto-signals/contracts'
import { createMetrics, createServer, type Service } from '@crypto-signals/service'
import { type AlertStore, openStore, type Store } from '@crypto-signals/store'
import { alertOf, captureLog, FakeClock, quoteOf, scoredCoinOf, tempDir } from '@crypto-signals/testing'
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
  await store.quotes.save([quoteOf()])
  const told: AlertTriggered[] = []
  const ends: (() => Promise<unknown>)[] = []
  t.teardown(async () => {
    for (const end of ends.reverse()) await end()
    await store[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })

  const openWorld = () => openWorldOn({ clock, log, store, told, ends })

  function build(bus: Bus, alerts: Partial<AlertStore> = {}) {
    const metrics = createMetrics()
    const faulty: Store = { ...store, alerts: { ...store.alerts, ...alerts } }
    const config = { simulated: false, maxAlerts: 1000 }
    const service = buildAlerting({ bus, store: faulty, clock, log, metrics }, config)
    const app = createServer({ log, metrics })
    app.register(service.routes ?? (() => undefined))
    ends.push(async () => app.close())
    const post = async (body: object) =>
      (await app.inject({ method: 'POST', url: '/api/alerts', payload: body })).json()
    const remove = (alertId: string) => app.inject({ method: 'DELETE', url: `/api/alerts/${alertId}` })
    return { service, app, post, remove, metrics }
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
  return { clock, store, lines, told, triggers, openWorld, build, firings, add }
}

interface Ground {
  clock: FakeClock
  log: ReturnType<typeof captureLog>['log']
  store: Store
  told: AlertTriggered[]
  ends: (() => Promise<unknown>)[]
}

/** A bus, and what is sent and heard on it. */
async function openWorldOn({ clock, log, store, told, ends }: Ground) {
  const bus = await openBus({ clock, log })
  const ear = await bus.consume('alerts', { group: 'test', delivery: 'each' }, async (event) => void told.push(event))
  ends.push(async () => bus[Symbol.asyncDispose]())
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
