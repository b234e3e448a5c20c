import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { EVENTS, PARTITIONS } from '@crypto-signals/contracts'
import { NATS_SERVER_MISSING, type NatsServer, startNatsServer, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { collect, quotesOf, SHARED } from '../../test/events.ts'
import { administer, deadLettersOf, openOn } from '../../test/rig.ts'
import { replayDeadLetters } from '../open.ts'

/** With a server of its own. */
function guarantee(title: string, check: (t: Test, server: NatsServer) => Promise<void>): void {
  t.test(title, async (t) => {
    await using server = await startNatsServer()
    if (server === null) t.pass(NATS_SERVER_MISSING, { skip: true })
    else await check(t, server)
  })
}

guarantee('hands no event of a partition out before the one a killed member had', async (t, server) => {
  const ackMs = 1_000
  await using rig = await openOn(server, { patience: { ackMs } })
  const { bus } = rig
  const member = await startMember(server, ackMs)
  for (const id of ['a', 'b', 'c']) await bus.publish('quotes', quotesOf(id, 3))
  await member.handed('a')
  member.child.kill('SIGKILL')
  await once(member.child, 'exit')
  const seen: string[] = []
  await bus.consume('quotes', SHARED, async ({ id }) => void seen.push(id))
  await bus.publish('quotes', quotesOf('of another partition', 4))
  await until(() => seen.length > 0)
  t.same(seen, ['of another partition'], 'the others go on')
  await until(() => seen.length === 4)
  t.same(seen.slice(1), ['a', 'b', 'c'])
})

guarantee('does not hold it against an event that members died with it in hand', async (t, server) => {
  const patience = { ackMs: 300, retryDelaysMs: [10, 10, 10, 10] }
  await using rig = await openOn(server, { patience })
  const { bus } = rig
  await bus.publish('quotes', quotesOf('a', 3))
  for (let death = 0; death < 5; death++) {
    const member = await startMember(server, patience.ackMs)
    await member.handed('a')
    member.child.kill('SIGKILL')
    await once(member.child, 'exit')
  }
  let tries = 0
  await bus.consume('quotes', SHARED, async () => {
    if (++tries < 5) throw new Error('the database blinked')
  })
  await until(() => tries === 5)
  t.equal(bus.deadLetters().total, 0)
})

/** A member in a process of its own, which never finishes what it is handed. */
async function startMember({ url }: NatsServer, ackMs: number) {
  const child: ChildProcess = spawn(process.execPath, [resolve(import.meta.dirname, '../../test/member.ts')], {
    env: { ...process.env, NATS_URL: url, ACK_MS: String(ackMs) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => (said += String(chunk)))
  return { child, handed: (id: string) => until(() => said.split('\n').includes(id)) }
}

guarantee('takes up a partition at once when the server was killed with an event of it in hand', async (t, server) => {
  await using rig = await openOn(server)
  const { bus, lines } = rig
  const [seen, release] = [[] as string[], Promise.withResolvers<void>()]
  await bus.consume('quotes', SHARED, async ({ id }) => {
    seen.push(id)
    await release.promise
  })
  for (const id of ['a', 'b']) await bus.publish('quotes', quotesOf(id, 3))
  await until(() => seen.length === 1)
  await server.kill()
  await until(() => lines.some(({ msg }) => msg === 'NATS is away'))
  release.resolve()
  await server.restart()
  // Not told that it is handled, the server would keep the others back for twenty seconds.
  await until(() => seen.length === 2)
  t.same(seen, ['a', 'b'])
})

guarantee('finishes what it has in hand of every partition when it stops, and loses none', async (t, server) => {
  await using rig = await openOn(server)
  const { bus } = rig
  const release = Promise.withResolvers<void>()
  const [begun, rest] = [collect(), collect()]
  const leaver = await bus.consume('quotes', SHARED, async (event) => {
    await begun.handle(event)
    await release.promise
  })
  for (const round of [1, 2]) {
    for (let partition = 0; partition < PARTITIONS; partition++)
      await bus.publish('quotes', quotesOf(`${round}:${partition}`, partition))
  }
  await until(() => begun.ids.length === PARTITIONS)
  const stopped = leaver.stop()
  release.resolve()
  await stopped
  const successor = await bus.consume('quotes', SHARED, rest.handle)
  // Long before the twenty seconds after which the server would miss what was not acknowledged.
  await until(async () => (await successor.behind()) === 0)
  const round = (count: number) => Array.from({ length: PARTITIONS }, (_, partition) => `${count}:${partition}`).sort()
  t.same([begun.ids.toSorted(), rest.ids.toSorted()], [round(1), round(2)])
})

guarantee('goes on in order when its stream was deleted, and does not pretend to know meanwhile', async (t, server) => {
  await using rig = await openOn(server)
  await using admin = await administer(server)
  const { bus } = rig
  const seen = collect()
  const subscription = await bus.consume('quotes', SHARED, seen.handle)
  await bus.publish('quotes', quotesOf('a', 3))
  // A request that met the deletion would be answered by nobody, and missed after some heartbeats only.
  await until(async () => (await admin.manager.consumers.info('MARKET', 'group-quotes-3')).num_waiting === 1)
  await admin.manager.streams.delete('MARKET')
  await t.rejects(subscription.behind())
  for (const id of ['b', 'c', 'd']) await bus.publish('quotes', quotesOf(id, 3))
  await until(() => seen.ids.length === 4)
  t.same(seen.ids, ['a', 'b', 'c', 'd'])
  await until(async () => (await subscription.behind().catch(() => Infinity)) === 0)
})

guarantee(
  'removes the one consumer that a group had for all partitions, unless somebody uses it',
  async (t, server) => {
    await using rig = await openOn(server)
    await using admin = await administer(server)
    for (const name of ['group-quotes', 'other-quotes'])
      await admin.manager.consumers.add('MARKET', {
        durable_name: name,
        ack_policy: 'explicit' as never,
        filter_subject: EVENTS.quotes.wildcard,
      })
    const used = await admin.jetstream.consumers.get('MARKET', 'other-quotes')
    void used.next({ expires: 3_000 }).catch(() => undefined)
    await until(async () => (await used.info()).num_waiting === 1)
    for (const group of ['group', 'other']) await rig.bus.consume('quotes', { ...SHARED, group }, async () => {})
    const names: string[] = []
    for await (const { name } of admin.manager.consumers.list('MARKET')) names.push(name)
    t.equal(names.length, 2 * PARTITIONS + 1)
    t.ok(names.includes('other-quotes'))
    t.notOk(names.includes('group-quotes'))
  },
)

guarantee('replays dead letters within their namespace alone', async (t, server) => {
  await using rig = await openOn(server)
  await using simulated = await openOn(server, { namespace: 'simulated' })
  const [real, invented] = [collect(), collect()]
  await rig.bus.consume('quotes', SHARED, real.handle)
  await simulated.bus.consume('quotes', SHARED, invented.handle)
  const poison = { ...quotesOf('poison', 3), rows: [] }
  for (const { bus } of [rig, simulated]) await bus.publish('quotes', poison)
  await until(() => rig.bus.deadLetters().total === 1 && simulated.bus.deadLetters().total === 1)
  t.same(await replayDeadLetters(server.url, { namespace: 'simulated' }), { replayed: 1, kept: 0 })
  await until(() => simulated.bus.deadLetters().total === 2)
  t.equal(rig.bus.deadLetters().total, 1)
  await t.rejects(replayDeadLetters(server.url, { namespace: 'a.>' }), { message: /^a namespace is/ })
})

guarantee('ends poison in the dead stream with reasons, and handles every good event among it', async (t, server) => {
  await using rig = await openOn(server)
  await using other = await openOn(server)
  await using admin = await administer(server)
  const deliveries = new Map<string, number>()
  const handle = async ({ id }: { id: string }) => void deliveries.set(id, (deliveries.get(id) ?? 0) + 1)
  const members = await Promise.all([
    rig.bus.consume('quotes', SHARED, handle),
    other.bus.consume('quotes', SHARED, handle),
  ])
  const poisons = [
    ...Array.from({ length: 100 }, (_, index) => `{"id": "torn-${index}`),
    ...Array.from({ length: 100 }, (_, index) => JSON.stringify({ version: 99, kind: `unknown-${index}` })),
    ...Array.from({ length: 10 }, (_, index) => JSON.stringify({ ['x'.repeat(2 ** 20 - 100)]: index })),
  ]
  const good = Array.from({ length: 10_000 }, (_, index) => `good-${index}`)
  const began = performance.now()
  const publishEach = async (lane: number) => {
    for (let index = lane; index < good.length; index += LANES) {
      await rig.bus.publish('quotes', quotesOf(good[index] as string, index % PARTITIONS))
      const poison = index % 40 === 0 ? poisons.pop() : undefined
      if (poison) await admin.jetstream.publish(`market.quotes.${index % PARTITIONS}`, poison)
    }
  }
  await Promise.all(Array.from({ length: LANES }, (_, lane) => publishEach(lane)))
  t.equal(poisons.length, 0)
  const buried = () => rig.bus.deadLetters().total + other.bus.deadLetters().total
  await until(() => deliveries.size === good.length && buried() === 210, { timeoutMs: 60_000 })
  t.comment(`10,210 messages in ${Math.round(performance.now() - began)} ms`)
  t.ok([...deliveries.values()].every((count) => count === 1))
  await until(async () => (await members[0]?.behind()) === 0)
  let handedOut = 0
  for await (const { delivered } of admin.manager.consumers.list('MARKET')) handedOut += delivered.consumer_seq
  t.equal(handedOut, 10_210, 'each once')

  const letters = await deadLettersOf(admin)
  const said = (header: string) => letters.map((letter) => letter.header.get(header))
  t.equal(letters.length, 210)
  t.equal(said('Reason').filter((reason) => reason.startsWith('not JSON: ')).length, 100)
  t.ok(said('Reason').every((reason) => reason.length > 10 && reason.length <= 500))
  t.same(new Set(said('Attempts')), new Set(['0']), 'no handler was given one')
  t.ok(said('Subject').every((subject) => /^market\.quotes\.\d+$/.test(subject)))
  t.equal(said('Whole-Bytes').filter(Boolean).length, 10, 'the largest are cut, and say so')
  t.ok(JSON.stringify(rig.bus.deadLetters()).length < 200_000, 'memory does not hold the largest')
  t.same(await replayDeadLetters(server.url), { replayed: 200, kept: 10 })
  await until(() => buried() === 410)
})

const LANES = 16
