import { setTimeout as realDelay } from 'node:timers/promises'
import type { AlertChange } from '@crypto-signals/contracts'
import { alertOf, captureLog, quoteOf, until } from '@crypto-signals/testing'
import type { Logger } from 'pino'
import t from 'tap'
import { changeOf, collect, EACH, quotesOf, SHARED } from '../test/events.ts'
import type { BusUnderTest, Guarantee } from '../test/guarantee.ts'
import type { Bus, Subscription } from './bus.ts'
import { behindGuarantees, partitionGuarantees } from './partition.contract.ts'

/** What not every adapter does; where it is false, the adapter's test says why. */
interface Capabilities {
  /** Whether later events wait while one is tried again, also where they lie in no partition. */
  ordersRetries: boolean
}

/** What every adapter of the bus guarantees. */
export function busContract(
  adapter: string,
  open: (log: Logger) => Promise<BusUnderTest>,
  { ordersRetries }: Capabilities,
): void {
  const guarantee: Guarantee = (title, check) =>
    void t.test(`${adapter}: ${title}`, async (t) => {
      const { log, lines } = captureLog()
      const under = await open(log)
      await using _bus = under.bus
      await check(t, { ...under, lines })
    })
  partitionGuarantees(guarantee)
  behindGuarantees(guarantee)

  guarantee('hands events out in the order of publishing, one at a time', async (t, { bus }) => {
    const seen: string[] = []
    let atOnce = 0
    await bus.consume('alert-changes', SHARED, async ({ id }) => {
      t.equal(++atOnce, 1, 'no other event is being handled')
      // The later ones are quicker: only waiting for each keeps the order.
      await realDelay(seen.length === 0 ? 5 : 0)
      atOnce--
      seen.push(id)
    })
    await publishAll(bus, ['a', 'b', 'c', 'd'])
    await until(() => seen.length === 4)
    t.same(seen, ['a', 'b', 'c', 'd'])
  })

  guarantee('shares the events of a group among its members, each event to exactly one', async (t, { bus }) => {
    const members: string[][] = [[], []]
    for (const seen of members) {
      await bus.consume('alert-changes', SHARED, async ({ id }) => {
        await realDelay(1)
        seen.push(id)
      })
    }
    const ids = Array.from({ length: 20 }, (_, index) => `event-${index}`)
    await publishAll(bus, ids)
    await until(() => members.flat().length >= ids.length)
    t.same(members.flat().sort(), ids.toSorted())
    t.ok(
      members.every((seen) => seen.length > 0),
      'both had a share of the work',
    )
  })

  guarantee('gives every group all events', async (t, { bus }) => {
    const [first, second] = [collect(), collect()]
    await bus.consume('alert-changes', { group: 'scoring', delivery: 'shared' }, first.handle)
    await bus.consume('alert-changes', { group: 'alerting', delivery: 'shared' }, second.handle)
    await publishAll(bus, ['a', 'b'])
    await until(() => first.ids.length + second.ids.length === 4)
    t.same(
      [first.ids, second.ids],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    )
  })

  guarantee('gives every replica all events where each is to have them', async (t, { bus }) => {
    const [first, second] = [collect(), collect()]
    await bus.consume('alert-changes', EACH, first.handle)
    await bus.consume('alert-changes', EACH, second.handle)
    await publishAll(bus, ['a', 'b'])
    await until(() => first.ids.length + second.ids.length === 4)
    t.same(
      [first.ids, second.ids],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    )
  })

  guarantee('hands a replica everything that is published once it consumes', async (t, { bus }) => {
    const published = Array.from({ length: 50 }, (_, index) => `event-${index}`)
    const flow = publishAll(bus, published)
    const seen = collect()
    await bus.consume('alert-changes', EACH, seen.handle)
    await publishAll(bus, ['first after'])
    await flow
    await until(() => seen.ids.includes('first after') && seen.ids.includes('event-49'))
    const missed = published.filter((id) => !seen.ids.includes(id))
    t.same(missed, published.slice(0, missed.length), 'what it missed is what came before it')
  })

  guarantee('keeps events of different names apart', async (t, { bus }) => {
    const changes = collect()
    const batches: number[] = []
    await bus.consume('alert-changes', SHARED, changes.handle)
    await bus.consume('quotes', SHARED, async ({ rows }) => void batches.push(rows.length))
    await bus.publish('quotes', manyQuotesOf(3))
    await publishAll(bus, ['a'])
    await until(() => changes.ids.length === 1 && batches.length === 1)
    t.same([changes.ids, batches], [['a'], [3]])
  })

  guarantee('hands an event out again when its handler fails', async (t, { bus, pass }) => {
    const seen: string[] = []
    await bus.consume('alert-changes', SHARED, async ({ id }) => {
      seen.push(id)
      if (id === 'a' && seen.filter((other) => other === 'a').length < 3) throw new Error('not yet')
    })
    await publishAll(bus, ['a', 'b'])
    await until(async () => {
      await pass(10_000)
      return seen.length === 4
    })
    t.same(ordersRetries ? seen : seen.toSorted(), ['a', 'a', 'a', 'b'])
    t.same(bus.deadLetters(), { total: 0, latest: [] })
  })

  guarantee('gives up on a poisoned event after some tries and goes on', async (t, { bus, pass, lines }) => {
    const handled = collect()
    let tries = 0
    await bus.consume('alert-changes', SHARED, async (event) => {
      if (event.id !== 'poison') return handled.handle(event)
      tries++
      throw new Error(`cannot read it, try ${tries}`)
    })
    await publishAll(bus, ['poison', 'b'])
    await until(async () => {
      await pass(10_000)
      return handled.ids.length === 1 && bus.deadLetters().total === 1
    })
    const { total, latest } = bus.deadLetters()
    t.equal(total, 1)
    t.match(latest, [{ name: 'alert-changes', group: 'group', event: { id: 'poison' }, attempts: tries }])
    t.equal(latest[0]?.reason, `cannot read it, try ${tries}`)
    t.ok(tries > 1)
    t.match(
      lines.filter(({ level }) => level === 50),
      [{ event: 'alert-changes', id: 'poison', group: 'group', reason: latest[0]?.reason, msg: 'dead letter' }],
    )
  })

  guarantee('never hands out an event that does not fit its schema', async (t, { bus }) => {
    const handled = collect()
    await bus.consume('alert-changes', SHARED, handled.handle)
    await bus.publish('alert-changes', { ...changeOf('bad'), alert: { ...alertOf(), triggerCount: -1 } })
    await bus.publish('alert-changes', { ...changeOf('odd'), extra: 1 } as AlertChange)
    await bus.publish('alert-changes', { id: 7 } as unknown as AlertChange)
    await publishAll(bus, ['good'])
    await until(() => handled.ids.length === 1)
    t.same(handled.ids, ['good'])
    t.match(bus.deadLetters().latest, [
      { reason: /^\/alert\/triggerCount: /, attempts: 0, event: { id: 'bad' } },
      { reason: /^\/extra: /, attempts: 0 },
      { reason: /^\//, attempts: 0 },
    ])
  })

  guarantee('refuses a batch of too many rows', async (t, { bus }) => {
    await t.rejects(bus.publish('quotes', manyQuotesOf(101)), {
      message: 'quotes of 101 rows: at most 100 go into one event',
    })
    await t.resolves(bus.publish('quotes', manyQuotesOf(100)))
  })

  guarantee('refuses an event of a partition that there is not', async (t, { bus }) => {
    for (const partition of [-1, 16, 0.5, '7', undefined])
      await t.rejects(bus.publish('quotes', quotesOf('q', partition as number)), { message: /^quotes of no partition/ })
  })

  guarantee('does not make a publisher wait for handlers', async (t, { bus }) => {
    const release = Promise.withResolvers<void>()
    const handled = collect()
    await bus.consume('alert-changes', SHARED, async (event) => {
      await release.promise
      await handled.handle(event)
    })
    await publishAll(bus, ['a', 'b'])
    t.same(handled.ids, [])
    release.resolve()
    await until(() => handled.ids.length === 2)
  })

  guarantee('stops a subscription after the event it was handed, and hands it no more', async (t, { bus }) => {
    const seen: string[] = []
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const subscription = await bus.consume('alert-changes', SHARED, async ({ id }) => {
      begun.resolve()
      await release.promise
      seen.push(id)
    })
    await publishAll(bus, ['a'])
    await begun.promise
    let stopped = false
    const stop = subscription.stop().then(() => (stopped = true))
    await publishAll(bus, ['late'])
    t.equal(stopped, false, 'it waits for the one under way')
    release.resolve()
    await stop
    t.same(seen, ['a'])
  })

  guarantee('lets systems in different namespaces see nothing of each other', async (t, { bus, openIn }) => {
    await using other = await openIn('simulated')
    const [ours, theirs] = [collect(), collect()]
    const subscriptions: Subscription[] = []
    for (const [system, { handle }] of [
      [bus, ours],
      [other, theirs],
    ] as const) {
      for (const consumer of [SHARED, EACH]) {
        subscriptions.push(await system.consume('quotes', consumer, handle))
        subscriptions.push(await system.consume('alert-changes', consumer, handle))
      }
    }
    await bus.publish('quotes', quotesOf('our quotes', 7))
    await bus.publish('alert-changes', changeOf('our change'))
    await bus.publish('alert-changes', { ...changeOf('our poison'), change: 'odd' } as never)
    await other.publish('quotes', quotesOf('their quotes', 7))
    await other.publish('alert-changes', changeOf('their change'))
    await until(async () =>
      (await Promise.all(subscriptions.map((subscription) => subscription.behind()))).every((count) => count === 0),
    )
    t.same(ours.ids.toSorted(), ['our change', 'our change', 'our quotes', 'our quotes'])
    t.same(theirs.ids.toSorted(), ['their change', 'their change', 'their quotes', 'their quotes'])
    t.same([bus.deadLetters().total, other.deadLetters().total], [2, 0])
  })

  guarantee('is closed for good: nothing is published, consumed or answered any more', async (t, { bus }) => {
    await t.resolves(bus.ping())
    await bus[Symbol.asyncDispose]()
    await t.rejects(bus.publish('alert-changes', changeOf('a')), { message: 'the bus is closed' })
    await t.rejects(
      bus.consume('alert-changes', SHARED, async () => {}),
      { message: 'the bus is closed' },
    )
    await t.rejects(bus.ping(), { message: 'the bus is closed' })
  })
}

const manyQuotesOf = (rows: number) => ({ ...quotesOf('q', 0), rows: Array.from({ length: rows }, () => quoteOf()) })

async function publishAll(bus: Bus, ids: string[]): Promise<void> {
  for (const id of ids) await bus.publish('alert-changes', changeOf(id))
}
