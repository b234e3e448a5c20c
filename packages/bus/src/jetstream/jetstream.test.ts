import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as realDelay } from 'node:timers/promises'
import { systemClock } from '@crypto-signals/clock'
import {
  captureLog,
  manyQuotes,
  NATS_SERVER_MISSING,
  type NatsServer,
  startNatsServer,
  until,
} from '@crypto-signals/testing'
import t from 'tap'
import { changeOf, collect, EACH, SHARED } from '../../test/events.ts'
import { administer, deadLettersOf, openOn } from '../../test/rig.ts'
import { busContract } from '../bus.contract.ts'
import { openBus, replayDeadLetters } from '../open.ts'
import { openJetStream } from './open.ts'
import { spaceOf } from './space.ts'
import { ensureStreams } from './streams.ts'

const QUICK = { retryDelaysMs: [1, 1, 1, 1] }
const server = await startNatsServer()
t.teardown(async () => server?.[Symbol.asyncDispose]())
if (server) guarantees(server)
else t.test('JetStream', { skip: NATS_SERVER_MISSING }, async () => {})

function guarantees(server: NatsServer): void {
  /** On streams that are as new. */
  const fresh = async (...[options]: Parameters<typeof openOn> extends [unknown, ...infer R] ? R : never) => {
    const admin = await administer(server)
    await admin.clear()
    const opened = await openOn(server, options)
    const dispose = async () => {
      await opened[Symbol.asyncDispose]()
      await admin[Symbol.asyncDispose]()
    }
    return { ...opened, admin, [Symbol.asyncDispose]: dispose }
  }

  busContract(
    'jetstream',
    async (log) => {
      await using admin = await administer(server)
      await admin.clear()
      const openIn = (namespace: string | undefined) =>
        openJetStream({ url: server.url, namespace, clock: systemClock, log, patience: QUICK })
      return { bus: await openIn(undefined), openIn, pass: async () => realDelay(5) }
    },
    // The server hands an event out again after a delay and others meanwhile: one bad event holds nobody up.
    { ordersRetries: false },
  )

  t.test('is what a URL opens, and no URL opens the bus within the process', async (t) => {
    const { log } = captureLog()
    await using far = await openBus({ url: server.url, clock: systemClock, log })
    await using near = await openBus({ url: undefined, clock: systemClock, log })
    t.same([far.adapter, near.adapter], ['jetstream', 'in-process'])
  })

  t.test('hands a message on to another member when the one that had it shows no sign of life', async (t) => {
    await using rig = await fresh({ patience: { ackMs: 300 } })
    const { bus, admin } = rig
    const leaver = await bus.consume('alert-changes', SHARED, async () => {})
    await leaver.stop()
    await bus.publish('alert-changes', changeOf('a'))
    const killed = await admin.jetstream.consumers.get('ALERTS', 'group-alert-changes')
    t.equal((await killed.next())?.info.deliveryCount, 1)
    const other = collect()
    await bus.consume('alert-changes', SHARED, other.handle)
    await until(() => other.ids.length === 1)
    t.same(other.ids, ['a'])
  })

  t.test('leaves a message with a slow handler for as long as it takes', async (t) => {
    await using rig = await fresh({ patience: { ackMs: 300 } })
    const seen: string[] = []
    const slow = async ({ id }: { id: string }) => {
      seen.push(id)
      await realDelay(1_500)
    }
    await rig.bus.consume('alert-changes', SHARED, slow)
    await rig.bus.consume('alert-changes', SHARED, slow)
    await rig.bus.publish('alert-changes', changeOf('a'))
    await until(
      async () => (await rig.admin.manager.consumers.info('ALERTS', 'group-alert-changes')).ack_floor.stream_seq === 1,
    )
    t.same(seen, ['a'])
  })

  t.test('gives up an event that was handed out again and again and never finished', async (t) => {
    await using rig = await fresh({ patience: QUICK })
    const { bus, admin } = rig
    const killing = await bus.consume('alert-changes', SHARED, async () => {})
    await killing.stop()
    await bus.publish('alert-changes', changeOf('killer'))
    const killed = await admin.jetstream.consumers.get('ALERTS', 'group-alert-changes')
    for (let kills = 0; kills < 20; kills++) (await killed.next())?.nak()
    const handled = collect()
    await bus.consume('alert-changes', SHARED, handled.handle)
    await until(() => bus.deadLetters().total === 1)
    t.same(handled.ids, [])
    t.match(bus.deadLetters().latest, [{ attempts: 20, reason: /never finished/, event: { id: 'killer' } }])
  })

  t.test('gives back at once what a stopped member did not handle', async (t) => {
    await using rig = await fresh()
    const { bus } = rig
    // What is on its way at the moment of the stop is the point: it takes some rounds to meet it.
    for (let round = 0; round < 20; round++) {
      const [leaver, rest] = [collect(), collect()]
      const ids = Array.from({ length: 40 }, (_, index) => `event-${round}-${index}`)
      const subscription = await bus.consume('alert-changes', SHARED, leaver.handle)
      const flow = Promise.all(ids.map((id) => bus.publish('alert-changes', changeOf(id))))
      await until(() => leaver.ids.length >= round)
      await subscription.stop()
      const taken = leaver.ids.length
      const successor = await bus.consume('alert-changes', SHARED, rest.handle)
      await flow
      // Long before the twenty seconds after which the server would take them back by itself.
      await until(() => leaver.ids.length + rest.ids.length === ids.length)
      t.same([...leaver.ids, ...rest.ids].sort(), ids.toSorted())
      t.equal(leaver.ids.length, taken, 'nothing came after the stop')
      await successor.stop()
    }
  })

  t.test('keeps the events of a group while none of its members is there, the first included', async (t) => {
    await using rig = await fresh()
    const { bus } = rig
    await bus.publish('alert-changes', changeOf('before the first'))
    const [first, second] = [collect(), collect()]
    const subscription = await bus.consume('alert-changes', SHARED, first.handle)
    await until(() => first.ids.length === 1)
    await subscription.stop()
    await bus.publish('alert-changes', changeOf('between'))
    await bus.consume('alert-changes', SHARED, second.handle)
    await until(() => second.ids.length === 1)
    t.same([first.ids, second.ids], [['before the first'], ['between']])
  })

  t.test('hands a repeat of one event out once', async (t) => {
    await using rig = await fresh()
    const seen = collect()
    await rig.bus.consume('alert-changes', EACH, seen.handle)
    for (const id of ['a', 'a', 'ü\r\n\ud800', 'ü\r\n\ud800', 'b']) await rig.bus.publish('alert-changes', changeOf(id))
    await until(() => seen.ids.includes('b'))
    t.equal(seen.ids.length, 3)
  })

  t.test('leaves nothing on the server of a replica that has left', async (t) => {
    await using rig = await fresh()
    const subscription = await rig.bus.consume('alert-changes', EACH, async () => {})
    const count = async () => (await rig.admin.manager.streams.info('ALERTS')).state.consumer_count
    t.equal(await count(), 1)
    await subscription.stop()
    t.equal(await count(), 0)
  })

  t.test('refuses an event that would leave no room for what a dead letter says', async (t) => {
    await using rig = await fresh()
    const event = { ...changeOf('a'), padding: 'x'.repeat(2 ** 20 - 4_096) }
    await t.rejects(rig.bus.publish('alert-changes', event), { message: /^alert-changes of \d+ bytes: NATS takes/ })
  })

  t.test('replays dead letters once for all groups that gave them up, and only those asked for', async (t) => {
    await using rig = await fresh({ patience: QUICK })
    const { bus, admin } = rig
    let broken = true
    const seen: string[] = []
    const handle = async ({ id }: { id: string }) => {
      if (broken) throw new Error('not yet')
      seen.push(id)
    }
    await bus.consume('alert-changes', SHARED, handle)
    await bus.consume('alert-changes', { ...SHARED, group: 'other' }, handle)
    await bus.consume('quotes', SHARED, handle)
    for (const id of ['a', 'b']) await bus.publish('alert-changes', changeOf(id))
    await bus.publish('quotes', { id: 'q', partition: 3, rows: manyQuotes(1) })
    await until(() => bus.deadLetters().total === 5)
    broken = false

    t.same(await replayDeadLetters(server.url, { name: 'alert-changes' }), { replayed: 4, kept: 0 })
    await until(() => seen.length === 4)
    t.same(seen.toSorted(), ['a', 'a', 'b', 'b'], 'each group has each once')
    t.equal((await deadLettersOf(admin)).length, 1)
    t.same(await replayDeadLetters(server.url, { limit: 1 }), { replayed: 1, kept: 0 })
    await until(() => seen.includes('q'))
    t.same(await replayDeadLetters(server.url), { replayed: 0, kept: 0 })
    await t.rejects(replayDeadLetters(server.url, { name: 'x' as never }), { message: 'no event is called x' })
  })

  t.test('replays what is still poison into a dead letter again, and keeps what was cut', async (t) => {
    await using rig = await fresh()
    const { bus, admin } = rig
    await bus.consume('alert-changes', SHARED, async () => {})
    for (const poison of ['{', JSON.stringify('x'.repeat(2 ** 20 - 100))])
      await admin.jetstream.publish('alerts.changed', poison)
    await until(() => bus.deadLetters().total === 2)
    t.same(await replayDeadLetters(server.url), { replayed: 1, kept: 1 })
    await until(() => bus.deadLetters().total === 3)
    t.equal((await deadLettersOf(admin)).length, 2)
  })

  t.test('changes streams that differ and keeps what lies in them and what is not its to say', async (t) => {
    await using rig = await fresh()
    const { admin, bus } = rig
    await bus.publish('alert-changes', changeOf('a'))
    await admin.manager.streams.update('ALERTS', { max_bytes: 1_000_000, description: 'mine' })
    await ensureStreams(admin.manager, spaceOf(undefined))
    const infos = await ensureStreams(admin.manager, spaceOf(undefined))
    const alerts = infos.find(({ config }) => config.name === 'ALERTS')
    t.match(alerts?.config, { max_bytes: 64 * 2 ** 20, discard: 'old', storage: 'file', description: 'mine' })
    t.equal(alerts?.state.messages, 1)
    t.ok(infos.every(({ config }) => config.max_age > 0 && config.max_bytes > 0 && config.duplicate_window > 0))
  })

  t.test('says what an acknowledged event survives, and warns when that is less than a power cut', async (t) => {
    await using known = await fresh({ monitorUrl: server.monitorUrl })
    await using unknown = await openOn(server)
    for (const { lines } of [known, unknown]) {
      const said = lines.filter(({ msg }) => /durability|power/.test(msg))
      t.match(said, [
        { level: 30, replicas: 1, server: /^2\./ },
        { level: 40, msg: /may be lost/ },
      ])
    }
    t.match(unknown.lines, [{ syncIntervalMs: 'unknown' }, {}])

    // As servers from 2.12 say it; older ones say nothing of it.
    const monitor = createServer((_request, response) =>
      response.end('{"jetstream":{"config":{"sync_interval":120000000000,"sync_always":true}}}'),
    )
    await once(monitor.listen(0, '127.0.0.1'), 'listening')
    await using durable = await openOn(server, {
      monitorUrl: `http://127.0.0.1:${(monitor.address() as AddressInfo).port}`,
    })
    monitor.close()
    t.match(durable.lines, [{ level: 30, syncIntervalMs: 0 }])
    t.equal(durable.lines.length, 1)
  })
}
