import { setTimeout as realDelay } from 'node:timers/promises'
import type { AlertChange, Quotes } from '@crypto-signals/contracts'
import { alertOf, captureLog, type LogLine, quoteOf, until } from '@crypto-signals/testing'
import type { Logger } from 'pino'
import t, { type Test } from 'tap'
import type { Bus } from './bus.ts'

/** A bus to be tested. */
export interface BusUnderTest {
  bus: Bus
  /** Lets at least `ms` pass for the bus. */
  pass: (ms: number) => Promise<void>
}

/** What not every adapter does; where it is false, the adapter's test says why. */
interface Capabilities {
  /** Whether later events wait while one is tried again. */
  ordersRetries: boolean
}

/** What every adapter of the bus guarantees. */
export function busContract(
  adapter: string,
  open: (log: Logger) => Promise<BusUnderTest>,
  { ordersRetries }: Capabilities,
): void {
  const guarantee = (title: string, check: (t: Test, under: BusUnderTest & { lines: LogLine[] }) => Promise<void>) =>
    t.test(`${adapter}: ${title}`, async (t) => {
      const { log, lines } = captureLog()
      const under = await open(log)
      await using _bus = under.bus
      await check(t, { ...under, lines })
    })

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
    await bus.publish('quotes', quotesOf(3))
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
    await t.rejects(bus.publish('quotes', quotesOf(101)), {
      message: 'quotes of 101 rows: at most 100 go into one event',
    })
    await t.resolves(bus.publish('quotes', quotesOf(100)))
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

const SHARED = { group: 'group', delivery: 'shared' } as const
const EACH = { group: 'group', delivery: 'each' } as const

export const changeOf = (id: string): AlertChange => ({ id, change: 'created', alert: alertOf() })

const quotesOf = (rows: number): Quotes => ({
  id: 'q',
  partition: 0,
  rows: Array.from({ length: rows }, () => quoteOf()),
})

async function publishAll(bus: Bus, ids: string[]): Promise<void> {
  for (const id of ids) await bus.publish('alert-changes', changeOf(id))
}

export function collect() {
  const ids: string[] = []
  return { ids, handle: async ({ id }: { id: string }) => void ids.push(id) }
}
