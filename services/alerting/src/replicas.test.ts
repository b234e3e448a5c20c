import { setImmediate } from 'node:timers/promises'
import type { Bus } from '@crypto-signals/bus'
import type { ScoredCoin } from '@crypto-signals/contracts'
import type { AlertStore } from '@crypto-signals/store'
import {
  alertOf,
  MONGO_SERVER_MISSING,
  NATS_SERVER_MISSING,
  startMongoServer,
  startNatsServer,
  until,
} from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { at, openMarket, openServerMarket } from '../test/market.ts'
import { byId, EXPECTED, RULES, TAPE } from '../test/tape.ts'

const [nats, mongodb] = [await startNatsServer(), await startMongoServer()]
t.teardown(async () => {
  await nats?.[Symbol.asyncDispose]()
  await mongodb?.[Symbol.asyncDispose]()
})
const skip = nats === null ? NATS_SERVER_MISSING : mongodb === null ? MONGO_SERVER_MISSING : false

/** A market of its own on the two servers. */
const onServers = (t: Test, namespace: string) =>
  openServerMarket(t, { nats: nats?.url ?? '', mongodb: mongodb?.freshDatabase() ?? '', namespace })

const ABOVE = { coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 100 } }

t.test('replicas evaluate each observation once between them, and fire and tell as one would', { skip }, async (t) => {
  const { openWorld, openConnection, build, firings, add, triggers } = await onServers(t, 'between')
  for (const rule of RULES) await add(rule)
  const { score } = await openWorld()
  const replicas = [build(await openConnection()), build(await openConnection())]
  await Promise.all(replicas.map(({ service }) => service.start()))
  for (const coin of TAPE) await score(coin)
  const handled = () => replicas.reduce((sum, replica) => sum + replica.handled(), 0)
  await until(() => handled() >= TAPE.length && triggers().length >= EXPECTED.length)
  await Promise.all(replicas.map(({ service }) => service.stop()))
  t.same(byId(await firings()), EXPECTED)
  t.same(byId(triggers()), EXPECTED)
  t.equal(handled(), TAPE.length)
})

t.test('a rule that one replica moved is seen moved by the next one', { skip }, async (t) => {
  const { openWorld, openConnection, build, firings, add, triggers } = await onServers(t, 'turns')
  for (const rule of RULES) await add(rule)
  const { score } = await openWorld()
  for (const coin of TAPE) {
    const { service, handled } = build(await openConnection())
    await service.start()
    await score(coin)
    await until(() => handled() === 1)
    await service.stop()
  }
  t.same(byId(await firings()), EXPECTED)
  await until(() => triggers().length === EXPECTED.length)
})

t.test('a rule set through one replica fires at another, and once removed there it does not', { skip }, async (t) => {
  const { openWorld, openConnection, build, triggers } = await onServers(t, 'through')
  const { score } = await openWorld()
  const [door, worker] = [build(await openConnection()), build(await openConnection())]
  await worker.service.start()
  const [kept, removed] = [await door.post(ABOVE), await door.post(ABOVE)]
  await score(at(1, 99))
  await until(() => worker.handled() === 1)
  t.equal((await door.remove(removed.data.alertId)).statusCode, 200)
  await score(at(2, 101))
  await until(() => worker.handled() === 2)
  await until(() => triggers().length > 0)
  await worker.service.stop()
  t.same(
    triggers().map(({ alertId }) => alertId),
    [kept.data.alertId],
  )
})

t.test('what crosses and crosses back while all are away fires with the evidence of then', { skip }, async (t) => {
  const { openWorld, openConnection, build, add, triggers } = await onServers(t, 'away')
  await add()
  const { score } = await openWorld()
  const before = build(await openConnection())
  await before.service.start()
  await score(at(1, 99))
  await until(() => before.handled() === 1)
  await before.service.stop()
  for (const coin of [at(2, 101), at(3, 99), at(4, 102), at(5, 98)]) await score(coin)
  const after = build(await openConnection())
  await after.service.start()
  t.match(await after.service.readiness(), { ready: true })
  await until(() => triggers().length === 2)
  await after.service.stop()
  t.same(
    triggers().map(({ evidence }) => evidence.price),
    [101, 102],
  )
})

t.test('signals whose event was lost are evaluated, after those whose event still waited', { skip }, async (t) => {
  const { store, openWorld, openConnection, build, add, triggers } = await onServers(t, 'lost')
  await add()
  const { score } = await openWorld()
  const before = build(await openConnection())
  await before.service.start()
  await before.service.stop()
  await score(at(1, 101))
  await score(at(2, 99))
  await store.signals.save([at(3, 102)])
  const after = build(await openConnection())
  await after.service.start()
  await until(() => triggers().length === 2)
  await after.service.stop()
  t.same(
    triggers().map(({ evidence }) => evidence.price),
    [101, 102],
  )
})

type Market = Pick<Awaited<ReturnType<typeof openServerMarket>>, 'build' | 'store'>

/** A replica that holds an event in its hands and stands still before one of its steps, as if it were stopped from outside. */
async function zombieOf({ build, store }: Market, bus: Bus, step: 'watching' | 'advance' | 'publish') {
  const [reached, thawed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const stand = async (where: string) => {
    if (where !== step) return
    reached.resolve()
    await thawed.promise
  }
  let handle: (event: { rows: ScoredCoin[] }) => Promise<void> = async () => undefined
  const held: Bus = {
    ...bus,
    async consume(_name, _consumer, given) {
      handle = given as unknown as typeof handle
      return { behind: async () => 0, stop: async () => undefined }
    },
    async publish(...event) {
      await stand('publish')
      await bus.publish(...event)
    },
  }
  const frozen: Partial<AlertStore> = {
    async *watching(...query) {
      await stand('watching')
      yield* store.alerts.watching(...query)
    },
    async advance(...change) {
      await stand('advance')
      return store.alerts.advance(...change)
    },
  }
  const { service } = build(held, frozen)
  await service.start()
  let handled = Promise.resolve()
  return {
    /** Resolves when it stands still, or is done because nothing came of the event. */
    async take(coin: ScoredCoin) {
      handled = handle({ rows: [coin] })
      await Promise.race([reached.promise, handled])
    },
    async thaw() {
      thawed.resolve()
      await handled
    },
    service,
  }
}

// The observations at which most of the rules move.
const MOVING = [1, 3, 4, 6, 8, 9, 10]

const STEPS = ['watching', 'advance', 'publish'] as const

for (const step of STEPS) {
  t.test(`a replica frozen before its step ${step}, while another went on, doubles and loses nothing`, async (t) => {
    for (const taken of MOVING) {
      for (const ahead of new Set([taken, TAPE.length - 1])) {
        const market = await openMarket(t)
        const { openWorld, build, firings, add, triggers } = market
        for (const rule of RULES) await add(rule)
        const { bus, score, end } = await openWorld()
        const { service, handled } = build(bus)
        const upTo = (count: number) => until(() => handled() === count)
        await service.start()
        const zombie = await zombieOf(market, bus, step)
        for (const coin of TAPE.slice(0, taken)) await score(coin)
        await upTo(taken)
        await zombie.take(TAPE[taken] as ScoredCoin)
        for (const coin of TAPE.slice(taken, ahead + 1)) await score(coin)
        await upTo(ahead + 1)
        await zombie.thaw()
        for (const coin of TAPE.slice(ahead + 1)) await score(coin)
        await end(service, zombie.service)
        t.same(byId(await firings()), EXPECTED, `froze at ${taken}, thawed after ${ahead}`)
        t.same(byId(triggers()), EXPECTED, `told after it froze at ${taken} and thawed after ${ahead}`)
      }
    }
  })
}

t.test('on servers, too, a zombie with an event in its hands fires nothing twice', { skip }, async (t) => {
  for (const step of STEPS) {
    const market = await onServers(t, `zombie${step}`)
    const { openWorld, openConnection, build, firings, add, triggers } = market
    for (const rule of RULES) await add(rule)
    const { score } = await openWorld()
    const { service, handled } = build(await openConnection())
    const upTo = (count: number) => until(() => handled() === count)
    await service.start()
    const zombie = await zombieOf(market, await openConnection(), step)
    await score(TAPE[0] as ScoredCoin)
    await upTo(1)
    await zombie.take(TAPE[1] as ScoredCoin)
    for (const coin of TAPE.slice(1, 6)) await score(coin)
    await upTo(6)
    await zombie.thaw()
    for (const coin of TAPE.slice(6)) await score(coin)
    await upTo(TAPE.length)
    await Promise.all([service.stop(), zombie.service.stop()])
    await until(() => triggers().length >= EXPECTED.length)
    t.same(byId(await firings()), EXPECTED, step)
    t.same(byId(triggers()), EXPECTED, step)
  }
})

t.test(
  'a new rule that is evaluated late, when another replica has seen more, is not moved by what is old',
  async (t) => {
    const { store, openWorld, build, triggers } = await openMarket(t)
    const { bus, score, end } = await openWorld()
    await store.signals.save([at(-5, 150)])
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const door = build(bus, {
      async advance(...change) {
        reached.resolve()
        await gate.promise
        return store.alerts.advance(...change)
      },
    })
    const worker = build(bus)
    await worker.service.start()
    await door.post(ABOVE)
    await reached.promise
    await score(at(1, 50))
    await until(() => worker.handled() === 1)
    for (let turn = 0; turn < 20; turn++) await setImmediate()
    gate.resolve()
    await door.service.stop()
    t.same(triggers(), [], 'it was below again when it was first looked at')
    await score(at(2, 150))
    await end(worker.service)
    t.same(
      triggers().map(({ evidence }) => evidence.observedAt),
      [at(2, 150).signals[0]?.observedAt],
    )
  },
)

t.test('an observation that comes late does not move a rule that was set after newer ones', async (t) => {
  const { store, openWorld, build, triggers } = await openMarket(t)
  const { bus, send, end } = await openWorld()
  await store.signals.save([at(3, 50)])
  const { service, post, evaluations } = build(bus)
  await service.start()
  await post(ABOVE)
  await until(async () => (await evaluations()) === 1)
  for (const coin of [at(1, 150), at(2, 150), at(3, 50)]) await send(coin)
  await end(service)
  t.same(triggers(), [])
})

t.test('many rules of one coin are read with pauses', async (t) => {
  const { store, openWorld, build } = await openMarket(t)
  const seen = { observedAt: at(0, 1).signals[0]?.observedAt ?? '', updatedAt: at(0, 1).signals[0]?.updatedAt ?? '' }
  for (let n = 1000; n < 2200; n++) {
    const alert = alertOf({ alertId: `0196a000-0000-7000-8000-00000000${n}`, settings: { threshold: 100 } })
    await store.alerts.create({ alert, version: 1, seen, lastAction: null })
  }
  const { bus, send, end } = await openWorld()
  const { service, evaluations } = build(bus)
  await service.start()
  await send(at(1, 50))
  let turns = 0
  while ((await evaluations()) < 1200) {
    await setImmediate()
    turns++
  }
  await end(service)
  t.ok(turns >= 3, `${turns} turns of the event loop for 1,200 rules`)
})
