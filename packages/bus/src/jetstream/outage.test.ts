import { setTimeout as realDelay } from 'node:timers/promises'
import { NATS_SERVER_MISSING, type NatsServer, startNatsServer, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { changeOf, collect, EACH, SHARED } from '../../test/events.ts'
import { administer, openOn } from '../../test/rig.ts'

/** With a server of its own, to be killed. */
function survives(title: string, check: (t: Test, server: NatsServer) => Promise<void>, config = ''): void {
  t.test(title, async (t) => {
    await using server = await startNatsServer({ config })
    if (server === null) t.pass(NATS_SERVER_MISSING, { skip: true })
    else await check(t, server)
  })
}

survives(
  'loses nothing acknowledged when the server is killed in mid-flow, and goes on by itself',
  async (t, server) => {
    await using publishing = await openOn(server)
    await using consuming = await openOn(server, { patience: { ackMs: 1_000 } })
    const [shared, each] = [new Set<string>(), new Set<string>()]
    const gather =
      (seen: Set<string>) =>
      async ({ id }: { id: string }) =>
        void seen.add(id)
    await consuming.bus.consume('alert-changes', SHARED, gather(shared))
    await consuming.bus.consume('alert-changes', EACH, gather(each))

    const acknowledged: string[] = []
    const stop = new AbortController()
    const publisher = async (lane: string) => {
      for (let count = 0; !stop.signal.aborted; count++) {
        await publishing.bus.publish('alert-changes', changeOf(`${lane}-${count}`))
        acknowledged.push(`${lane}-${count}`)
        await realDelay(1)
      }
    }
    const flow = Promise.all(['a', 'b', 'c', 'd'].map(publisher))
    for (let kills = 1; kills <= 3; kills++) {
      const before = acknowledged.length
      await until(() => acknowledged.length > before + 200 && shared.size > before && each.size > before)
      await server.kill()
      await server.restart()
      const restarted = performance.now()
      const handled = shared.size
      await until(() => shared.size > handled && each.size > handled)
      t.comment(`handling again ${Math.round(performance.now() - restarted)} ms after start ${kills}`)
    }
    stop.abort()
    await flow
    await until(() => acknowledged.every((id) => shared.has(id) && each.has(id)))
    t.ok(acknowledged.length > 600)
    t.equal(consuming.bus.deadLetters().total, 0)
  },
)

survives('starts again from nothing when the server lost its store', async (t, server) => {
  await using opened = await openOn(server)
  const { bus } = opened
  const [shared, each] = [collect(), collect()]
  await bus.consume('alert-changes', SHARED, shared.handle)
  await bus.consume('alert-changes', EACH, each.handle)
  const both = (count: number) => () => shared.ids.length === count && each.ids.length === count
  for (const id of ['a', 'b', 'c']) await bus.publish('alert-changes', changeOf(id))
  await until(both(3))
  await server.restart({ empty: true })
  await bus.publish('alert-changes', changeOf('d'))
  await until(both(4))
  const all = ['a', 'b', 'c', 'd']
  t.same([shared.ids, each.ids], [all, all])
})

survives('goes on where it was when its consumers are deleted', async (t, server) => {
  await using opened = await openOn(server)
  await using admin = await administer(server)
  const { bus } = opened
  const [shared, each] = [new Set<string>(), new Set<string>()]
  await bus.consume('alert-changes', SHARED, async ({ id }) => void shared.add(id))
  await bus.consume('alert-changes', EACH, async ({ id }) => void each.add(id))
  await bus.publish('alert-changes', changeOf('a'))
  await until(() => shared.size === 1 && each.size === 1)
  for await (const { name } of admin.manager.consumers.list('ALERTS'))
    await admin.manager.consumers.delete('ALERTS', name)
  await bus.publish('alert-changes', changeOf('b'))
  await until(() => shared.size === 2 && each.size === 2)
  const all = ['a', 'b']
  t.same([[...shared], [...each]], [all, all])
})

survives(
  'keeps publishers waiting only so long while the server is away, and takes events again after',
  async (t, server) => {
    await using opened = await openOn(server, { patience: { publishMs: 300 } })
    const { bus } = opened
    await server.kill()
    await until(() => opened.lines.some(({ msg }) => msg === 'NATS is away'))
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => bus.publish('alert-changes', changeOf(`${n}`))),
    )
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.message : 'taken'))
    t.same(new Set(reasons), new Set(['NATS did not take an event for alerts.changed within 300 ms']))
    await t.rejects(bus.ping(), { message: 'NATS is away' })
    await server.restart()
    await until(() => opened.lines.some(({ msg }) => msg === 'NATS is back'))
    await t.resolves(bus.ping())
    await bus.publish('alert-changes', changeOf('after'))
    await using admin = await administer(server)
    t.equal((await admin.manager.streams.info('ALERTS')).state.messages, 1, 'what was refused did not come later')
  },
)

survives('stops and closes also while the server is away', async (t, server) => {
  const { bus } = await openOn(server)
  const subscription = await bus.consume('alert-changes', SHARED, async () => {})
  await bus.consume('alert-changes', EACH, async () => {})
  await server.kill()
  const waiting = t.rejects(bus.publish('alert-changes', changeOf('a')), { message: 'the bus is closed' })
  await subscription.stop()
  await bus[Symbol.asyncDispose]()
  await waiting
})

survives('waits for a server that is not there yet', async (t, server) => {
  await server.kill()
  const opening = openOn(server)
  await realDelay(300)
  await server.restart()
  await using opened = await opening
  await t.resolves(opened.bus.ping())
  t.ok(opened.lines.some(({ level, msg }) => level === 40 && msg === 'waiting for NATS'))
})

survives(
  'shows its credentials to the server alone, and says so when they are refused',
  async (t, server) => {
    const as = (who: string) => ({ url: server.url.replace('//', `//${who}@`) })
    await using opened = await openOn(as('scoring:p%40ss'))
    await t.resolves(opened.bus.ping())
    await t.rejects(openOn(as('scoring:wrong')), { message: 'NATS refuses the credentials in NATS_URL' })
    await t.rejects(openOn({ url: 'http://scoring:secret@host' }), {
      message: 'NATS_URL is no list of nats://host:port or tls://host:port',
    })
    t.notMatch(JSON.stringify(opened.lines), /p@ss|p%40ss/)
  },
  'authorization { user: scoring, password: "p@ss" }',
)

survives(
  'says so when the server has no streams for us',
  async (t, server) => {
    const url = server.url.replace('//', '//a:b@')
    await t.rejects(openOn({ url }, { patience: { publishMs: 300 } }), { message: /^NATS gives us no streams/ })
  },
  'accounts { A: { users: [{ user: a, password: b }] } }',
)
