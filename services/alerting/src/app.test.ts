import { setImmediate } from 'node:timers/promises'
import type { Bus } from '@crypto-signals/bus'
import { alertOf, scoredCoinOf, until } from '@crypto-signals/testing'
import t from 'tap'
import { at, openMarket, START } from '../test/market.ts'
import { byId, EXPECTED, RULES, TAPE } from '../test/tape.ts'
import { evaluate } from './rules/evaluate.ts'

const CROSSINGS = [2, 5, 9, 11].map((minute) => new Date(START + minute * 60_000).toISOString())

t.test('fires at each crossing, tells the bus under the id of the firing, and keeps it', async (t) => {
  const { told, lines, openWorld, build, firings, add, triggers } = await openMarket(t)
  const { bus, score, end } = await openWorld()
  await add()
  const { service, metrics } = build(bus)
  t.match(await service.readiness(), { ready: false, reasons: [/not followed/] })
  await service.start()
  t.match(await service.readiness(), { ready: true, reasons: [], counts: { alerts: 1 } })
  for (const coin of TAPE) await score(coin)
  await end(service)
  t.same(
    triggers().map((trigger) => trigger.evidence.observedAt),
    CROSSINGS,
  )
  t.same(
    told.map(({ id }) => id),
    triggers().map((trigger) => trigger.triggerId),
  )
  t.same(triggers(), await firings())
  const fired = lines.filter(({ msg }) => msg === 'alert fired')
  t.match(fired[0], { level: 30, alertId: alertOf().alertId, coinId: 'bitcoin', sequence: 1 })
  const figures = await metrics.metrics()
  t.match(figures, 'alerting_firings_total{alert_type="price_above"} 4')
  t.match(figures, 'alerting_rules 1')
  t.match(figures, `alerting_evaluations_total ${TAPE.length}`)
})

t.test('a condition that holds already fires soon after the alert was set, once the answer was given', async (t) => {
  const { store, told, openWorld, build, triggers } = await openMarket(t)
  const { bus, score, end } = await openWorld()
  await store.signals.save([at(-5, 150)])
  const steps: string[] = []
  const { service, post, app } = build(bus, {
    async advance(...step) {
      steps.push('evaluated')
      return store.alerts.advance(...step)
    },
  })
  app.addHook('onSend', async () => void steps.push('answered'))
  await service.start()
  const { data } = await post({ coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 100 } })
  t.equal(data.isTriggered, false)
  await until(() => told.length === 1)
  t.same(steps, ['answered', 'evaluated'])
  t.match(triggers()[0], { alertId: data.alertId, triggeredAt: data.createdAt, evidence: { price: 150 } })
  t.match((await app.inject(`/api/alerts/${data.alertId}`)).json().data, { isTriggered: true, triggerCount: 1 })
  await score(at(1, 151))
  await end(service)
  t.equal(told.length, 1, 'and stays quiet while it holds')
})

t.test('follows the action from the one at creation on', async (t) => {
  const { store, openWorld, build, triggers } = await openMarket(t)
  const { bus, score, end } = await openWorld()
  await store.signals.save([at(-5, 1, 65)])
  const { service, post } = build(bus)
  await service.start()
  await post({ coinId: 'bitcoin', alertType: 'action_changed' })
  for (const [index, finalScore] of [70, 85, 85, 65].entries()) await score(at(index + 1, 1, finalScore))
  await end(service)
  t.same(
    triggers().map((trigger) => trigger.evidence.score),
    [85, 65],
  )
})

t.test(
  'a restart anywhere, also between the write of signals and their event, loses and doubles nothing',
  async (t) => {
    t.ok(EXPECTED.length > 12, `${EXPECTED.length} firings`)
    for (let cut = 0; cut < TAPE.length; cut++) {
      const { store, openWorld, build, firings, add, triggers } = await openMarket(t)
      for (const rule of RULES) await add(rule)
      const before = await openWorld()
      const first = build(before.bus).service
      await first.start()
      for (const coin of TAPE.slice(0, cut)) await before.score(coin)
      await before.end(first)
      await store.signals.save(TAPE.slice(cut, cut + 1))

      const after = await openWorld()
      const second = build(after.bus).service
      await second.start()
      for (const coin of TAPE.slice(cut + 1)) await after.score(coin)
      for (const coin of TAPE) await after.send(coin)
      await after.end(second)
      t.same(byId(await firings()), EXPECTED, `cut at ${cut}`)
      t.same(byId(triggers()), EXPECTED, `told after a cut at ${cut}`)
    }
  },
)

t.test('instances on one store fire each time once between them, also when one of them ends', async (t) => {
  const { store, openWorld, build, firings, add, triggers } = await openMarket(t)
  for (const rule of RULES) await add(rule)
  const { bus, score, end } = await openWorld()
  const services = [build(bus).service, build(bus).service, build(bus).service]
  await Promise.all(services.map((service) => service.start()))
  const half = TAPE.length / 2
  for (const coin of TAPE.slice(0, half)) await score(coin)
  await services[0]?.stop()
  for (const coin of TAPE.slice(half)) await score(coin)
  await end(...services.slice(1))
  t.same(byId(await firings()), EXPECTED)
  t.same(byId(triggers()), EXPECTED)
  t.same(await store.alerts.unpublished(10), [])
})

t.test('what one instance creates or removes, the other watches or forgets at once, and counts soon', async (t) => {
  const { clock, openWorld, build, triggers } = await openMarket(t)
  const { bus, score, end } = await openWorld()
  const [one, other] = [build(bus), build(bus)]
  await Promise.all([one.service.start(), other.service.start()])
  const counted = () => Promise.all([one, other].map(async ({ service }) => (await service.readiness()).counts.alerts))
  const body = { coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 100 } }
  const [kept, removed] = [await one.post(body), await one.post(body)]
  t.same(await counted(), [2, 0])
  await one.remove(removed.data.alertId)
  t.same(await counted(), [1, 0])
  await clock.advance(5_000)
  await until(async () => (await counted()).every((count) => count === 1))
  await one.service.stop()
  await score(at(1, 200))
  await end(other.service)
  t.same(
    triggers().map((trigger) => trigger.alertId),
    [kept.data.alertId],
  )
})

t.test('an alert that is removed while it is about to fire does not fire any more', async (t) => {
  const { store, openWorld, build, add, triggers } = await openMarket(t)
  await add()
  const { bus, score, end } = await openWorld()
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { service, remove } = build(bus, {
    async advance(record, trigger) {
      reached.resolve()
      await gate.promise
      return store.alerts.advance(record, trigger)
    },
  })
  await service.start()
  await score(at(1, 150))
  await reached.promise
  t.equal((await remove(alertOf().alertId)).statusCode, 200)
  await score(at(2, 50))
  await score(at(3, 150))
  gate.resolve()
  await end(service)
  t.same(triggers(), [])
  t.same(await store.alerts.triggered({ offset: 0, limit: 1 }), { rows: [], total: 0 })
  t.match((await service.readiness()).counts, { alerts: 0 })
})

t.test('a rule that another process removed unheard does not fire', async (t) => {
  const { clock, store, told, openWorld, build, add } = await openMarket(t)
  await add()
  const { bus, score, end } = await openWorld()
  const { service } = build(bus)
  await service.start()
  await store.alerts.remove(alertOf().alertId)
  await score(at(1, 150))
  await end(service)
  t.same(told, [])
  await clock.advance(5_000)
  await until(async () => (await service.readiness()).counts.alerts === 0)
})

t.test('a firing that the bus does not take waits in the store and goes out once, as soon as it can', async (t) => {
  const { clock, told, openWorld, build, add } = await openMarket(t)
  await add()
  const { bus, score, end } = await openWorld()
  let up = false
  const moody: Bus = {
    ...bus,
    publish: async (...event) => (up ? bus.publish(...event) : Promise.reject(new Error('down'))),
  }
  const { service, metrics } = build(moody)
  await service.start()
  await score(at(1, 150))
  await until(async () => (await service.readiness()).reasons.length > 0)
  t.match(await service.readiness(), { ready: true, reasons: ['firings wait to be published'] })
  t.match(await metrics.metrics(), 'alerting_publish_failures_total{event="alerts"} 1')
  await clock.advance(30_000)
  t.same(told, [])
  up = true
  await clock.advance(90_000)
  await until(async () => (await service.readiness()).reasons.length === 0)
  await end(service)
  t.equal(told.length, 1)
})

t.test('a firing stored right before a crash goes out after the restart', async (t) => {
  const { store, told, openWorld, build, add, triggers } = await openMarket(t)
  await add()
  const { bus, end } = await openWorld()
  const record = { alert: alertOf({ settings: { threshold: 100 } }), version: 1, seen: null, lastAction: null }
  const { record: next, trigger } = evaluate(record, at(1, 150)) ?? { record, trigger: null }
  t.ok(await store.alerts.advance(next, trigger))
  const { service } = build(bus)
  await service.start()
  await until(() => told.length === 1)
  await end(service)
  t.same(triggers(), [trigger])
})

t.test('a stop finishes what was begun: a new alert is still evaluated', async (t) => {
  const { store, told, openWorld, build } = await openMarket(t)
  const { bus, end } = await openWorld()
  await store.signals.save([at(-5, 150)])
  const steps: string[] = []
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { service, post } = build(bus, {
    async advance(...step) {
      reached.resolve()
      await gate.promise
      steps.push('evaluated')
      return store.alerts.advance(...step)
    },
  })
  await service.start()
  await post({ coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 100 } })
  await reached.promise
  const stopping = service.stop().then(() => steps.push('stopped'))
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  gate.resolve()
  await stopping
  t.same(steps, ['evaluated', 'stopped'])
  await end()
  t.equal(told.length, 1)
})

t.test('a store that fails for a moment loses no firing', async (t) => {
  const { clock, store, told, openWorld, build, add } = await openMarket(t)
  await add()
  const { bus, score, end } = await openWorld()
  let failures = 0
  const { service } = build(bus, {
    advance: async (...step) => (failures++ === 0 ? Promise.reject(new Error('busy')) : store.alerts.advance(...step)),
  })
  await service.start()
  await score(at(1, 150))
  await until(() => failures === 1)
  await clock.advance(1_000)
  await end(service)
  t.equal(told.length, 1)
})

t.test('a start that failed may be repeated, and follows the signals once', async (t) => {
  const { store, told, openWorld, build, add } = await openMarket(t)
  await add()
  const { bus, score, end } = await openWorld()
  let failures = 0
  const { service, handled } = build(bus, {
    count: async () => (failures++ === 0 ? Promise.reject(new Error('busy')) : store.alerts.count()),
  })
  await t.rejects(service.start(), { message: 'busy' })
  t.match(await service.readiness(), { ready: false })
  await service.start()
  t.match(await service.readiness(), { ready: true, counts: { alerts: 1 } })
  await score(at(1, 150))
  await end(service)
  t.equal(handled(), 1)
  t.equal(told.length, 1)
})

t.test('signals that were stored without an event are evaluated within minutes', async (t) => {
  const { clock, store, told, openWorld, build, add } = await openMarket(t)
  await add()
  const { bus, end } = await openWorld()
  const { service } = build(bus)
  await service.start()
  await store.signals.save([at(1, 150)])
  await clock.advance(300_000)
  await until(() => told.length === 1)
  await end(service)
})

t.test('answers tell the same version on every replica', async (t) => {
  const { openWorld, build, add } = await openMarket(t)
  await add()
  const { bus } = await openWorld()
  for (const path of ['/api/alerts', `/api/alerts/${alertOf().alertId}`, '/api/alerts/triggered']) {
    const [one, other] = await Promise.all([build(bus), build(bus)].map(({ app }) => app.inject(path)))
    t.match(one?.json().meta, { source: 'live', version: /^[\w-]{16}$/ })
    t.same(one?.json(), other?.json())
  }
})

t.test('an alert is set although nobody can be told of it', async (t) => {
  const { openWorld, build, lines, told } = await openMarket(t)
  const { bus, send, end } = await openWorld()
  const mute: Bus = {
    ...bus,
    publish: async (name, event) =>
      name === 'alert-changes' ? Promise.reject(new Error('down')) : bus.publish(name, event),
  }
  const { service, post } = build(mute)
  await service.start()
  t.match(await post({ coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 1 } }), { success: true })
  t.ok(lines.some(({ msg, level }) => level === 50 && /not told/.test(msg)))
  await send(at(1, 150))
  await end(service)
  t.equal(told.length, 1)
})

t.test('many firings at once leave room for everything else', async (t) => {
  const { told, openWorld, build, add } = await openMarket(t)
  for (let n = 100; n < 200; n++) await add({ alertId: `0196a000-0000-7000-8000-000000000${n}` })
  const { bus, send, end } = await openWorld()
  const { service } = build(bus)
  await service.start()
  await send(at(1, 150))
  let turns = 0
  while (told.length < 100) {
    await setImmediate()
    turns++
  }
  await end(service)
  t.ok(turns >= 100, `${turns} turns of the event loop for 100 firings`)
})

t.test('a sweep evaluates nothing of coins without rules', async (t) => {
  const { openWorld, build, add } = await openMarket(t)
  await add()
  const { bus, send, end } = await openWorld()
  const { service, metrics } = build(bus)
  await service.start()
  for (let n = 0; n < 50; n++) await send(scoredCoinOf({ coinId: `coin-${n}`, price: 1e9 }))
  await end(service)
  t.match(await metrics.metrics(), 'alerting_evaluations_total 0')
})
