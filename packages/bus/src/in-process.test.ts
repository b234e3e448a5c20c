import { setImmediate as nextTurn } from 'node:timers/promises'
import { captureLog, FakeClock, manyQuotes, until } from '@crypto-signals/testing'
import t from 'tap'
import { changeOf, collect, SHARED as GROUP } from '../test/events.ts'
import { busContract } from './bus.contract.ts'
import { openBus } from './open.ts'

async function openTest() {
  const clock = new FakeClock()
  const { log, lines } = captureLog()
  return { bus: await openBus({ clock, log }), clock, lines }
}

busContract(
  'in-process',
  async (log) => {
    const clock = new FakeClock()
    const openIn = (namespace: string | undefined) => openBus({ namespace, clock, log })
    return { bus: await openIn(undefined), openIn, pass: (ms) => clock.advance(ms) }
  },
  { ordersRetries: true },
)

t.test('tries five times, after 0.1, 0.5, 2 and 5 seconds', async (t) => {
  const { bus, clock } = await openTest()
  await using _bus = bus
  const tries: number[] = []
  const start = clock.now()
  await bus.consume('alert-changes', GROUP, async () => {
    tries.push(clock.now() - start)
    throw new Error('never')
  })
  await bus.publish('alert-changes', changeOf('a'))
  await clock.advance(60_000)
  t.same(tries, [0, 100, 600, 2_600, 7_600])
  t.equal(bus.deadLetters().latest[0]?.attempts, 5)
})

t.test('never runs a handler within publish', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  const handled = collect()
  await bus.consume('alert-changes', GROUP, handled.handle)
  await bus.publish('alert-changes', changeOf('a'))
  t.same(handled.ids, [])
  await until(() => handled.ids.length === 1)
})

t.test('lets the other groups and names go on while one event is tried again', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  const [sameName, otherName] = [collect(), collect()]
  await bus.consume('alert-changes', GROUP, async () => {
    throw new Error('never')
  })
  await bus.consume('alert-changes', { group: 'other', delivery: 'shared' }, sameName.handle)
  await bus.consume('quotes', GROUP, otherName.handle)
  await bus.publish('alert-changes', changeOf('a'))
  await bus.publish('quotes', { id: 'q', partition: 0, rows: manyQuotes(1) })
  await until(() => sameName.ids.length === 1 && otherName.ids.length === 1)
  t.same([sameName.ids, otherName.ids], [['a'], ['q']])
})

t.test('makes a publisher wait while a group has a thousand events unhandled, and keeps the order', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  const seen: string[] = []
  const gate = Promise.withResolvers<void>()
  await bus.consume('alert-changes', GROUP, async ({ id }) => {
    await gate.promise
    seen.push(id)
  })
  const ids = Array.from({ length: 1_100 }, (_, index) => `event-${index}`)
  let taken = 0
  const published = ids.map((id) => bus.publish('alert-changes', changeOf(id)).then(() => taken++))
  await until(() => taken >= 100)
  await nextTurn()
  t.equal(taken, 100)
  gate.resolve()
  await Promise.all(published)
  await until(() => seen.length === ids.length)
  t.same(seen, ids)
})

t.test('frees a publisher that waits when the group that is behind goes away', async (t) => {
  const { bus } = await openTest()
  const gate = Promise.withResolvers<void>()
  const subscription = await bus.consume('alert-changes', GROUP, () => gate.promise)
  for (let index = 0; index < 100; index++) await bus.publish('alert-changes', changeOf(`event-${index}`))
  const waiting = bus.publish('alert-changes', changeOf('last'))
  await nextTurn()
  const stopped = subscription.stop()
  await t.resolves(waiting)
  gate.resolve()
  await stopped
  await bus[Symbol.asyncDispose]()
})

t.test('rejects a publisher that waits when the bus is closed', async (t) => {
  const { bus } = await openTest()
  const gate = Promise.withResolvers<void>()
  await bus.consume('alert-changes', GROUP, () => gate.promise)
  for (let index = 0; index < 100; index++) await bus.publish('alert-changes', changeOf(`event-${index}`))
  const waiting = t.rejects(bus.publish('alert-changes', changeOf('last')), { message: 'the bus is closed' })
  await nextTurn()
  const closed = bus[Symbol.asyncDispose]()
  await waiting
  gate.resolve()
  await closed
})

t.test('handles what waits before it closes, without waiting for the delays between tries', async (t) => {
  const { bus, clock } = await openTest()
  const seen: string[] = []
  await bus.consume('alert-changes', GROUP, async ({ id }) => {
    seen.push(id)
    if (id === 'poison') throw new Error('never')
  })
  for (const id of ['poison', 'a', 'b']) await bus.publish('alert-changes', changeOf(id))
  await until(() => clock.sleeping === 1)
  await bus[Symbol.asyncDispose]()
  t.same(seen, [...Array(5).fill('poison'), 'a', 'b'])
  t.equal(bus.deadLetters().total, 1)
})

t.test('leaves what a stopped member did not take to the rest of its group', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  const [leaver, rest] = [collect(), collect()]
  const subscription = await bus.consume('alert-changes', GROUP, leaver.handle)
  await bus.consume('alert-changes', GROUP, rest.handle)
  for (const id of ['a', 'b', 'c']) await bus.publish('alert-changes', changeOf(id))
  await subscription.stop()
  await until(() => rest.ids.length === 3)
  t.same([leaver.ids, rest.ids], [[], ['a', 'b', 'c']])
})

t.test('drops events that nobody consumes', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  await bus.publish('alert-changes', changeOf('early'))
  const handled = collect()
  await bus.consume('alert-changes', GROUP, handled.handle)
  await bus.publish('alert-changes', changeOf('a'))
  await until(() => handled.ids.length > 0)
  t.same(handled.ids, ['a'])
})

t.test('keeps the last hundred dead letters and counts all', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  await bus.consume('alert-changes', GROUP, async () => {})
  for (let index = 0; index < 150; index++) await bus.publish('alert-changes', { ...changeOf(`e-${index}`), id: '' })
  await until(() => bus.deadLetters().total === 150)
  t.equal(bus.deadLetters().latest.length, 100)
})

t.test('lets the process breathe between events', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  let [handled, turns] = [0, 0]
  await bus.consume('alert-changes', GROUP, async () => {
    const end = performance.now() + 2
    while (performance.now() < end);
    handled++
  })
  for (let index = 0; index < 30; index++) await bus.publish('alert-changes', changeOf(`event-${index}`))
  // 60 ms of work: had the rest of the process to wait for all of it, it would have had a turn or two.
  await until(() => ++turns > 0 && handled === 30)
  t.ok(turns >= 8, `${turns} turns`)
})

t.test('survives anything that is published in place of an event', async (t) => {
  const { bus } = await openTest()
  await using _bus = bus
  await bus.consume('quotes', GROUP, async () => {})
  const odd = [null, 7, {}, { rows: null }, { rows: 'x'.repeat(50) }, [], { id: 'x', partition: 99, rows: [{}] }]
  const results = await Promise.allSettled(odd.map((event) => bus.publish('quotes', event as never)))
  const taken = results.filter(({ status }) => status === 'fulfilled').length
  await until(() => bus.deadLetters().total === taken)
  await t.resolves(bus.ping())
})
