import { setTimeout as realDelay } from 'node:timers/promises'
import type { Quotes } from '@crypto-signals/contracts'
import { until } from '@crypto-signals/testing'
import type { Test } from 'tap'
import { changeOf, collect, EACH, quotesOf, SHARED } from '../test/events.ts'
import type { Guarantee } from '../test/guarantee.ts'
import type { Bus } from './bus.ts'

/** In which order a group gets the events of a partition. */
export function partitionGuarantees(guarantee: Guarantee): void {
  guarantee('handles one event of a partition after the other, in order, among all members', async (t, { bus }) => {
    const ledger = createLedger()
    const members = await Promise.all(
      [0, 1, 2].map(async (member) => {
        const handled: string[] = []
        await bus.consume(
          'quotes',
          SHARED,
          ledger.watch(async ({ id }) => {
            // Were another given the next one, it would be quicker.
            await realDelay(member)
            handled.push(id)
          }),
        )
        return handled
      }),
    )
    await publishRounds(bus, 20)
    await until(() => ledger.handled() === 60)
    ledger.assertOrder(t, 20)
    t.ok(
      members.every((handled) => handled.length > 0),
      'all had a share of the work',
    )
  })

  guarantee('lets the rest of a partition wait while one event is tried again', async (t, { bus, pass }) => {
    const ledger = createLedger()
    const tries = new Map<string, number>()
    const failing = ['1:3', '1:4', '2:0', '3:9']
    for (const _member of [1, 2]) {
      await bus.consume(
        'quotes',
        SHARED,
        ledger.watch(async ({ id }) => {
          tries.set(id, (tries.get(id) ?? 0) + 1)
          await realDelay(0)
          if (failing.includes(id) && (tries.get(id) ?? 0) < 3) throw new Error('not yet')
        }),
      )
    }
    await publishRounds(bus, 10)
    await until(async () => {
      await pass(10_000)
      return ledger.handled() === 30
    })
    ledger.assertOrder(t, 10)
    t.same(
      failing.map((id) => tries.get(id)),
      [3, 3, 3, 3],
    )
  })

  guarantee('keeps the order of a partition when a member stops half-way', async (t, { bus }) => {
    const ledger = createLedger()
    const slowly = ledger.watch(async () => await realDelay(1))
    const leaver = await bus.consume('quotes', SHARED, slowly)
    const published = publishRounds(bus, 20)
    await until(() => ledger.handled() >= 10)
    await bus.consume('quotes', SHARED, slowly)
    await leaver.stop()
    await published
    await until(() => ledger.handled() === 60)
    ledger.assertOrder(t, 20)
  })

  guarantee('goes on with a partition after its poison', async (t, { bus, pass }) => {
    const handled = collect()
    await bus.consume('quotes', SHARED, async (event) => {
      if (event.id === 'poison') throw new Error('never')
      await handled.handle(event)
    })
    for (const id of ['a', 'poison', 'b']) await bus.publish('quotes', quotesOf(id, 7))
    await until(async () => {
      await pass(10_000)
      return handled.ids.length === 2
    })
    t.same(handled.ids, ['a', 'b'])
    t.equal(bus.deadLetters().total, 1)
  })
}

/** What a subscription tells of its own. */
export function behindGuarantees(guarantee: Guarantee): void {
  for (const name of ['quotes', 'alert-changes'] as const) {
    guarantee(`tells how many ${name} a group has not handled yet`, async (t, { bus, pass }) => {
      let tries = 0
      const first = Promise.withResolvers<void>()
      const subscription = await bus.consume(name, SHARED, async () => {
        await first.promise
        if (++tries === 1) throw new Error('not yet')
      })
      t.equal(await subscription.behind(), 0)
      for (const id of ['a', 'b', 'c'])
        await (name === 'quotes'
          ? bus.publish(name, quotesOf(id, id.charCodeAt(0) % 16))
          : bus.publish(name, changeOf(id)))
      t.equal(await subscription.behind(), 3, 'one in hand counts as well')
      first.resolve()
      await until(() => tries > 0)
      t.ok((await subscription.behind()) >= 1, 'so does one that failed')
      await until(async () => {
        await pass(10_000)
        return (await subscription.behind()) === 0
      })
      t.equal(tries, 4)
    })
  }

  guarantee('tells how far one replica is behind, where each gets every event', async (t, { bus }) => {
    const release = Promise.withResolvers<void>()
    const [quick, slow] = [
      await bus.consume('quotes', EACH, async () => {}),
      await bus.consume('quotes', EACH, () => release.promise),
    ]
    await bus.publish('quotes', quotesOf('a', 3))
    await until(async () => (await quick.behind()) === 0)
    t.equal(await slow.behind(), 1)
    release.resolve()
    await until(async () => (await slow.behind()) === 0)
  })
}

/** What became of events `<partition>:<count>`, and whether two of one partition were handled at once. */
function createLedger() {
  const handled = new Map<number, string[]>()
  const [inHand, overlaps] = [new Set<number>(), [] as string[]]
  return {
    watch: (handle: (event: Quotes) => Promise<void>) => async (event: Quotes) => {
      const { id, partition } = event
      if (inHand.has(partition)) overlaps.push(id)
      inHand.add(partition)
      try {
        await handle(event)
        handled.set(partition, [...(handled.get(partition) ?? []), id])
      } finally {
        inHand.delete(partition)
      }
    },
    handled: () => [...handled.values()].flat().length,
    assertOrder(t: Test, rounds: number) {
      t.same(overlaps, [], 'never two of one partition at once')
      for (const [partition, ids] of handled)
        t.same(
          ids,
          Array.from({ length: rounds }, (_, count) => `${partition}:${count}`),
        )
    },
  }
}

async function publishRounds(bus: Bus, rounds: number): Promise<void> {
  for (let count = 0; count < rounds; count++) {
    for (const partition of [1, 2, 3]) await bus.publish('quotes', quotesOf(`${partition}:${count}`, partition))
  }
}
