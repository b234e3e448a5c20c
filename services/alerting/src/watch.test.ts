import { setImmediate } from 'node:timers/promises'
import type { Bus } from '@crypto-signals/bus'
import type { ScoredCoin } from '@crypto-signals/contracts'
import { quoteOf, until } from '@crypto-signals/testing'
import t from 'tap'
import { at, openMarket, START } from '../test/market.ts'
import { createRecovery } from './recovery.ts'

t.test(
  'a new alert is evaluated alone, however many its coin has, and not behind the observations that wait',
  async (t) => {
    const { store, openWorld, build, add, triggers } = await openMarket(t)
    for (let n = 100; n < 200; n++) await add({ alertId: `0196a000-0000-7000-8000-000000000${n}` })
    await store.quotes.save([quoteOf({ coinId: 'ethereum' })])
    await store.signals.save([{ ...at(-5, 150), coinId: 'ethereum' }])
    const { bus, score, end } = await openWorld()
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { service, post, evaluations } = build(bus, {
      async advance(record, trigger) {
        if (record.alert.coinId === 'bitcoin') reached.resolve()
        if (record.alert.coinId === 'bitcoin') await gate.promise
        return store.alerts.advance(record, trigger)
      },
    })
    await service.start()
    await score(at(1, 150))
    await reached.promise
    const body = { alertType: 'price_above', settings: { threshold: 100 } }
    const { data } = await post({ coinId: 'ethereum', ...body })
    await until(() => triggers().length === 1)
    t.equal(triggers()[0]?.alertId, data.alertId, 'while 100 others wait for the store')
    for (let n = 0; n < 5; n++) await post({ coinId: 'bitcoin', ...body })
    gate.resolve()
    await until(() => triggers().length === 106)
    await end(service)
    // The five new ones of Bitcoin may also be met by the observation that is being handled.
    t.ok((await evaluations()) <= 111, 'and not the hundred once more for each')
  },
)

t.test('what comes while a new alert is evaluated is evaluated after it: no re-arming is lost', async (t) => {
  const { store, openWorld, build, triggers } = await openMarket(t)
  const { bus, score, end } = await openWorld()
  await store.signals.save([at(-5, 150)])
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { service, post } = build(bus, {
    async advance(record, trigger) {
      reached.resolve()
      await gate.promise
      return store.alerts.advance(record, trigger)
    },
  })
  await service.start()
  await post({ coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 100 } })
  await reached.promise
  await score(at(1, 50))
  await score(at(2, 150))
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  gate.resolve()
  await end(service)
  t.same(
    triggers().map(({ evidence }) => evidence.observedAt),
    [-5, 2].map((minute) => new Date(START + minute * 60_000).toISOString()),
  )
})

t.test('a firing of a new alert is not sent again by the resending of those that wait', async (t) => {
  const { clock, store, openWorld, build } = await openMarket(t)
  const { bus, end } = await openWorld()
  await store.signals.save([at(-5, 150)])
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let sent = 0
  const slow: Bus = {
    ...bus,
    async publish(name, event) {
      if (name === 'alerts') {
        sent++
        reached.resolve()
        await gate.promise
      }
      return bus.publish(name, event)
    },
  }
  const { service, post } = build(slow)
  await service.start()
  await post({ coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 100 } })
  await reached.promise
  await clock.advance(30_000)
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  gate.resolve()
  await end(service)
  t.equal(sent, 1)
})

t.test('recovery leaves alone what is newer than what it found: its event is still to come', async (t) => {
  const { clock, store, add } = await openMarket(t)
  await add()
  await add({ alertId: '0196a000-0000-7000-8000-000000000002', coinId: 'ethereum' })
  await store.signals.save([at(1, 150), { ...at(1, 150), coinId: 'ethereum' }, { ...at(1, 150), coinId: 'unwatched' }])
  let behind = true
  const observed: string[] = []
  const observe = async (coins: readonly ScoredCoin[]) => void observed.push(...coins.map(({ coinId }) => coinId))
  const recover = createRecovery({ store, clock, observe })
  const recovered = recover(async () => behind, new AbortController().signal)
  await until(() => clock.sleeping === 1)
  await store.signals.save([at(2, 50)])
  behind = false
  await clock.advance(1_000)
  await recovered
  t.same(observed, ['ethereum'])
})
