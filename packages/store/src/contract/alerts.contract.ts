import type { TriggeredAlert } from '@crypto-signals/contracts'
import { alertOf } from '@crypto-signals/testing'
import type { AlertRecord, Store } from '../store.ts'
import type { Guarantee } from './guarantee.contract.ts'
import { at, rowsOf } from './observations.contract.ts'

export function alertsContract(guarantee: Guarantee): void {
  guarantee('gives a rule and its state back as they were created, until it is removed', async (t, { store, open }) => {
    const record = recordOf(1, { seen: { observedAt: at(1), updatedAt: at(2) }, lastAction: 'BUY' })
    await store.alerts.create(record)
    await store.alerts.create(recordOf(2))
    await store[Symbol.asyncDispose]()
    const { alerts } = await open()
    t.strictSame(await alerts.get(uuid(1)), record)
    t.equal(await alerts.get(uuid(9)), null)
    t.equal(await alerts.count(), 2)
    t.strictSame([await alerts.remove(uuid(1)), await alerts.remove(uuid(1))], [true, false])
    t.equal(await alerts.get(uuid(1)), null)
    t.equal(await alerts.count(), 1)
  })

  guarantee('refuses a second rule of the same id', async (t, { store: { alerts } }) => {
    await alerts.create(recordOf(1))
    await t.rejects(alerts.create(recordOf(1, { lastAction: 'SELL' })))
    t.strictSame(await rowsOf(alerts.all(10)), [recordOf(1)])
  })

  guarantee('lists rules newest first, by pages, of all coins or of one', async (t, { store: { alerts } }) => {
    const rules = [3, 1, 2, 5, 4].map((id) =>
      alertOf({ alertId: uuid(id), coinId: id % 2 ? 'odd' : 'even', createdAt: at(id === 5 ? 4 : id) }),
    )
    for (const alert of rules) await alerts.create(recordOf(0, { alert }))
    const list = async (query: Parameters<typeof alerts.list>[0]) => {
      const { rows, total } = await alerts.list(query)
      return [rows.map(({ alertId }) => Number(alertId.at(-1))), total]
    }
    t.strictSame(await list({ offset: 0, limit: 10 }), [[5, 4, 3, 2, 1], 5])
    t.strictSame(await list({ offset: 1, limit: 2 }), [[4, 3], 5])
    t.strictSame(await list({ offset: 5, limit: 2 }), [[], 5])
    t.strictSame(await list({ coinId: 'odd', offset: 1, limit: 10 }), [[3, 1], 3])
    t.strictSame(await list({ coinId: 'none', offset: 0, limit: 10 }), [[], 0])
    t.strictSame((await alerts.list({ offset: 2, limit: 1 })).rows, [rules[0]])
  })

  guarantee('meets each rule once, though rules come and go between the batches', async (t, { store: { alerts } }) => {
    for (const id of [1, 2, 3, 4, 5]) await alerts.create(recordOf(id))
    const met: AlertRecord[] = []
    for await (const batch of alerts.all(2)) {
      met.push(...batch)
      for (const { alert } of batch) await alerts.remove(alert.alertId)
    }
    t.strictSame(
      met,
      [1, 2, 3, 4, 5].map((id) => recordOf(id)),
    )
    t.equal(await alerts.count(), 0)
  })

  guarantee('reads the rules of some coins, each once, by batches of any size', async (t, { store: { alerts } }) => {
    const coins = ['bitcoin', 'ether', 'bitcoin', 'tether', 'bitcoin', 'ether', 'ether']
    const rules = coins.map((coinId, id) => recordOf(0, { alert: alertOf({ alertId: uuid(id), coinId }) }))
    for (const rule of rules.toReversed()) await alerts.create(rule)
    const expected = (...coinIds: string[]) => rules.filter(({ alert }) => coinIds.includes(alert.coinId))
    for (const size of [1, 2, 3, 100]) {
      const read = async (...coinIds: string[]) => {
        const batches: AlertRecord[][] = []
        for await (const batch of alerts.watching(coinIds, size)) batches.push(batch)
        t.ok(batches.every(({ length }) => length >= 1 && length <= size))
        return batches.flat().sort((a, b) => (a.alert.alertId < b.alert.alertId ? -1 : 1))
      }
      t.strictSame(await read('bitcoin'), expected('bitcoin'))
      t.strictSame(await read('none', 'ether', 'tether', 'ether'), expected('ether', 'tether'))
      t.strictSame(await read('none', 'Bitcoin', 'bit'), [])
      t.strictSame(await read(), [])
    }
  })

  guarantee('tells the coins that rules watch, each once, by their ids', async (t, { store: { alerts } }) => {
    t.strictSame(await alerts.coins(10), [])
    for (const [id, coinId] of ['tether', 'b', 'bitcoin', 'b', '猫', 'tether', 'a'].entries()) {
      await alerts.create(recordOf(0, { alert: alertOf({ alertId: uuid(id), coinId }) }))
    }
    await alerts.remove(uuid(6))
    await alerts.remove(uuid(5))
    t.strictSame(await alerts.coins(10), ['b', 'bitcoin', 'tether', '猫'])
    t.strictSame(await alerts.coins(2), ['b', 'bitcoin'])
  })

  guarantee(
    'reads what is written of the rules of a coin between the batches, and none of them twice',
    async (t, { store: { alerts } }) => {
      for (const id of [1, 2, 3, 4, 5]) await alerts.create(recordOf(id))
      const met: AlertRecord[] = []
      for await (const batch of alerts.watching([alertOf().coinId], 2)) {
        met.push(...batch)
        for (const { alert } of batch) await alerts.remove(alert.alertId)
        await alerts.advance(recordOf(5, { version: 1 }), null)
      }
      t.strictSame(met, [...[1, 2, 3, 4].map((id) => recordOf(id)), recordOf(5, { version: 1 })])
    },
  )

  guarantee('advances a rule and records its firing as one', async (t, { store, open }) => {
    await store.alerts.create(recordOf(1))
    const fired = { ...recordOf(1, { version: 1 }), alert: alertOf({ alertId: uuid(1), isTriggered: true }) }
    t.equal(await store.alerts.advance(fired, triggerOf(1, 1)), true)
    const rearmed = recordOf(1, { version: 2, lastAction: 'HOLD' })
    t.equal(await store.alerts.advance(rearmed, null), true)
    await store[Symbol.asyncDispose]()
    const { alerts } = await open()
    t.strictSame(await alerts.get(uuid(1)), rearmed)
    t.strictSame(await triggersOf({ alerts }), { rows: [triggerOf(1, 1)], total: 1 })
  })

  guarantee(
    'writes nothing when the rule is gone, was advanced by another, or has fired so already',
    async (t, { store }) => {
      const { alerts } = store
      await alerts.create(recordOf(1))
      t.equal(await alerts.advance(recordOf(1, { version: 1 }), triggerOf(1, 1)), true)
      const before = [await alerts.get(uuid(1)), await triggersOf(store)]
      const refused: [AlertRecord, TriggeredAlert | null][] = [
        [recordOf(9, { version: 1 }), triggerOf(9, 1)],
        [recordOf(1, { version: 1 }), triggerOf(1, 2)],
        [recordOf(1, { version: 1 }), null],
        [recordOf(1, { version: 3 }), triggerOf(1, 2)],
        [recordOf(1, { version: 2 }), { ...triggerOf(1, 1), triggerId: uuid(77) }],
        [recordOf(1, { version: 2 }), triggerOf(1, 1)],
      ]
      for (const [record, trigger] of refused) t.equal(await alerts.advance(record, trigger), false)
      await t.rejects(
        alerts.advance(recordOf(1, { version: 2 }), { ...triggerOf(1, 2), triggerId: uuid(101) }),
        'a used triggerId',
      )
      t.strictSame([await alerts.get(uuid(1)), await triggersOf(store)], before)
    },
  )

  guarantee('lets one of several replicas advance a version', async (t, { store, open }) => {
    const replicas = [store, await open(), await open()]
    await store.alerts.create(recordOf(1))
    for (const version of [1, 2, 3]) {
      const trigger = triggerOf(1, version)
      const advanced = await Promise.all(
        replicas.map(({ alerts }, replica) =>
          alerts.advance(recordOf(1, { version }), { ...trigger, triggerId: uuid(10 * version + replica) }),
        ),
      )
      t.equal(advanced.filter(Boolean).length, 1)
    }
    t.equal((await triggersOf(store)).total, 3)
  })

  guarantee(
    'lists firings newest first, by pages, of all rules or of one, also of removed ones',
    async (t, { store }) => {
      const { alerts } = store
      for (const id of [1, 2]) await alerts.create(recordOf(id))
      const minutes = [1, 3, 2, 2]
      for (const [index, minute] of minutes.entries()) {
        for (const id of [1, 2]) {
          const version = index + 1
          await alerts.advance(recordOf(id, { version }), { ...triggerOf(id, version), triggeredAt: at(minute) })
        }
      }
      await alerts.remove(uuid(2))
      const list = async (query: Parameters<typeof alerts.triggered>[0]) => {
        const { rows, total } = await alerts.triggered(query)
        return [rows.map(({ triggerId }) => Number(triggerId.slice(-3))), total]
      }
      t.strictSame(await list({ offset: 0, limit: 10 }), [[202, 102, 204, 203, 104, 103, 201, 101], 8])
      t.strictSame(await list({ offset: 1, limit: 3 }), [[102, 204, 203], 8])
      t.strictSame(await list({ alertId: uuid(2), offset: 0, limit: 3 }), [[202, 204, 203], 4])
      t.strictSame(await list({ alertId: uuid(9), offset: 0, limit: 3 }), [[], 0])
    },
  )

  guarantee(
    'keeps a firing as unpublished until it is marked, oldest first, also over a restart',
    async (t, { store, open }) => {
      await store.alerts.create(recordOf(1))
      const minutes = [5, 4, 4, 6]
      for (const [index, minute] of minutes.entries()) {
        const version = index + 1
        await store.alerts.advance(recordOf(1, { version }), { ...triggerOf(1, version), triggeredAt: at(minute) })
      }
      const waiting = async ({ alerts }: Store, limit: number) =>
        (await alerts.unpublished(limit)).map(({ sequence }) => sequence)
      t.strictSame(await waiting(store, 10), [2, 3, 1, 4])
      t.strictSame(await waiting(store, 2), [2, 3])
      await store.alerts.markPublished([uuid(102), uuid(101), uuid(999)])
      await store.alerts.markPublished([uuid(102)])
      await store.alerts.markPublished([])
      await store[Symbol.asyncDispose]()
      const reopened = await open()
      t.strictSame(await waiting(reopened, 10), [3, 4])
      t.equal((await triggersOf(reopened)).total, 4)
    },
  )
}

const triggersOf = ({ alerts }: Pick<Store, 'alerts'>) => alerts.triggered({ offset: 0, limit: 100 })

const uuid = (id: number) => `0196a000-0000-7000-8000-${String(id).padStart(12, '0')}`

const recordOf = (id: number, overrides: Partial<AlertRecord> = {}): AlertRecord => ({
  alert: alertOf({ alertId: uuid(id) }),
  version: 0,
  seen: null,
  lastAction: null,
  ...overrides,
})

function triggerOf(id: number, sequence: number): TriggeredAlert {
  const { coinId, alertType, settings } = alertOf()
  return {
    triggerId: uuid(100 * id + sequence),
    alertId: uuid(id),
    sequence,
    coinId,
    alertType,
    settings,
    isTriggered: true,
    triggeredAt: at(sequence),
    evidence: { price: 100_001, score: null, observedAt: at(sequence) },
  }
}
