import assert from 'node:assert/strict'
import { dataVersionOf, type StreamMessage } from '@crypto-signals/contracts'
import { FakeClock } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { changes, createCaller, filters, openLiveMarket, triggerOf, ways } from '../../test/live-market.ts'
import { wantedOf } from '../../test/rows.ts'
import { createRowFilter } from '../read-model/row-filter.ts'
import { createVersions } from '../read-model/versions.ts'
import { createAlerts, KEPT } from './alerts.ts'
import { EVENT_STREAM, WEB_SOCKET } from './framing.ts'
import { createHub } from './hub.ts'
import type { Sink } from './stream.ts'

const who = fc.nat(3)
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('change' as const), changes }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('alert' as const), coin: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('drain' as const), who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('slow' as const), who, isSlow: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cut' as const), who }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('go' as const), who, way: ways }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const), seconds: fc.constantFrom(1, 10, 25, 70) }) },
)
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never

async function play(events: readonly Event[], queries: Parameters<typeof createCaller>[1][], messageRows: number) {
  const clock = new FakeClock()
  const live = openLiveMarket(clock, messageRows)
  const callers = queries.map((query) => ({ query, caller: createCaller(live, query) }))
  const callerAt = (n: number) => callers[n % callers.length]?.caller as ReturnType<typeof createCaller>
  for (const event of events) {
    if (event.does === 'change') live.change(event.changes)
    if (event.does === 'alert') live.alert(`coin-${event.coin}`)
    if (event.does === 'drain') callerAt(event.who).drain()
    if (event.does === 'slow') callerAt(event.who).slow(event.isSlow)
    if (event.does === 'cut') callerAt(event.who).cut()
    if (event.does === 'go') callerAt(event.who).go(event.way)
    if (event.does === 'wait') await clock.advance(event.seconds * 1_000)
  }
  for (const { caller, query } of callers) {
    caller.slow(false)
    caller.drain()
    if (caller.isGone()) caller.go('last')
    assert.deepEqual(caller.rows(), wantedOf(live.stateAt(live.market.version), query), 'what is held in the end')
    assert.deepEqual(caller.missed(), [], 'no alert was lost')
    caller.cut()
  }
}

t.test(
  'whoever follows a stream holds exactly what the server holds, however often it is cut and wherever it goes on from',
  async (t) => {
    const script = fc.tuple(
      fc.array(event, { minLength: 5, maxLength: 60 }),
      fc.array(filters, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(1, 2, 5, 250),
    )
    await fc.assert(
      fc.asyncProperty(script, ([events, queries, messageRows]) => play(events, queries, messageRows)),
      { numRuns: 200 },
    )
    t.pass('with each id everybody held what the server held at it')
  },
)

/** A sink that keeps what it gets; it takes as much as it is told to. */
function sinkOf(takes: () => boolean, framing = WEB_SOCKET) {
  const [frames, said] = [[] as Buffer[], [] as string[]]
  let waiting: (() => void) | undefined
  const sink: Sink = {
    framing,
    send(frame, drained) {
      frames.push(frame)
      if (takes()) return true
      waiting = drained
      return false
    },
    end: (retryMs) => void said.push(`end ${retryMs}`),
    destroy: () => void said.push('destroyed'),
  }
  const drain = () => {
    const drained = waiting
    waiting = undefined
    drained?.()
  }
  const messages = () => frames.map((frame) => JSON.parse(String(frame)) as StreamMessage)
  return { sink, frames, said, messages, drain }
}

const one = (n: number) => [
  { coinId: `coin-${n % 18}`, quote: { '1h': n, '24h': null, '7d': null, '30d': null }, scores: null },
]

function openHub(options: { most?: number; messageRows?: number } = {}) {
  const clock = new FakeClock()
  const live = openLiveMarket(clock, options.messageRows ?? 250)
  const everything = { filter: createRowFilter(live.market, {}), wantsAll: false }
  return { clock, everything, ...live }
}

t.test(
  'drops who takes no message for 20 s or is behind for 30, holds one message for him, and tells all others all',
  async (t) => {
    const { clock, hub, change, dropped, everything, market } = openHub()
    const [stuck, slow, good] = [sinkOf(() => false), sinkOf(() => false), sinkOf(() => true)]
    hub.open({ ...everything, wantsAll: true }, stuck.sink)
    hub.open(everything, slow.sink)
    hub.open(everything, good.sink)
    slow.drain()
    for (let second = 1; second <= 45; second++) {
      change(one(second))
      if (second % 19 === 0) slow.drain()
      await clock.advance(1_000)
      if (second === 19) t.strictSame(dropped, [])
      if (second === 21) t.strictSame(dropped, ['stalled'])
    }
    t.strictSame([stuck.said, good.said], [['destroyed'], []])
    t.equal(stuck.frames.length, 1)
    t.equal(good.messages().length, 1 + 45)
    t.equal(good.messages().at(-1)?.id, market.version)
    t.equal(hub.countOf('websocket'), 2, 'each message reached the slow one in time, with all that had come meanwhile')
    t.equal(slow.messages().length, 4)
  },
)

t.test('drops who takes his messages and never holds what there is, later while he begins', async (t) => {
  const { clock, hub, change, dropped, everything } = openHub({ messageRows: 1 })
  for (let n = 0; n < 18; n++) change(one(n))
  const [beginner, old] = [sinkOf(() => false), sinkOf(() => false)]
  hub.open({ ...everything, wantsAll: true }, beginner.sink)
  hub.open(everything, old.sink)
  old.drain()
  for (let second = 1; second <= 320; second++) {
    // What changes is more than they take.
    for (const n of [0, 5, 10]) change(one(second + n))
    if (second % 5 === 0) for (const each of [beginner, old]) each.drain()
    await clock.advance(1_000)
    if (second === 29) t.strictSame(dropped, [])
    if (second === 40) t.strictSame([dropped, old.said], [['behind'], ['destroyed']])
    if (second === 299) t.strictSame(beginner.said, [])
  }
  t.strictSame([dropped, beginner.said], [['behind', 'behind'], ['destroyed']])
})

t.test('makes a message once for all who are at the same place, and the same for both kinds of streams', async (t) => {
  const { hub, change, everything } = openHub()
  const [a, b] = [sinkOf(() => true), sinkOf(() => true)]
  const [events, named] = [sinkOf(() => true, EVENT_STREAM), sinkOf(() => true)]
  for (const { sink } of [a, b, events]) hub.open(everything, sink)
  hub.open({ ...everything, filter: createRowFilter(openHub().market, { coins: ['coin-1'] }) }, named.sink)
  change([...one(1), ...one(2)])
  t.equal(a.frames[1], b.frames[1])
  const { event, id, data } = a.messages()[1] as StreamMessage
  t.equal(String(events.frames[1]), `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
})

t.test('takes a coin back that stops fitting while the whole market is still on its way', async (t) => {
  const { hub, change, market } = openHub({ messageRows: 1 })
  const at = (n: number, percent: number) => [
    { coinId: `coin-${n}`, quote: { '1h': null, '24h': percent, '7d': null, '30d': null }, scores: null },
  ]
  for (const n of [1, 2, 3]) change(at(n, 20))
  const beginner = sinkOf(() => false)
  hub.open({ filter: createRowFilter(market, { minChange: 10 }), wantsAll: true }, beginner.sink)
  for (let n = 0; n < 2; n++) beginner.drain()
  change(at(1, 1))
  change(at(3, 1))
  for (let n = 0; n < 5; n++) beginner.drain()
  const told = beginner
    .messages()
    .flatMap(({ event, data }) =>
      event === 'changes' ? [[data.rows.map(({ coinId }) => coinId), data.left, data.more]] : [],
    )
  t.strictSame(told, [
    [['coin-1'], [], true],
    [['coin-2'], [], true],
    [[], ['coin-1'], true],
    [[], ['coin-3'], false],
  ])
})

t.test('tells the version once a minute to whom nothing of what changed concerned', async (t) => {
  const { clock, hub, change, market, everything } = openHub()
  const quiet = sinkOf(() => true)
  hub.open({ ...everything, filter: createRowFilter(market, { coins: ['coin-1'] }) }, quiet.sink)
  await clock.advance(120_000)
  t.equal(quiet.frames.length, 1, 'nothing changed')
  change(one(2))
  await clock.advance(1_000)
  t.match(quiet.messages().at(-1), { event: 'changes', id: market.version, data: { rows: [], left: [], more: false } })
  change(one(2))
  await clock.advance(58_000)
  t.equal(quiet.frames.length, 2)
  await clock.advance(3_000)
  t.match(quiet.messages().at(-1), { id: market.version })
})

t.test(
  'ends in good order, spreads the return of the callers, tells nothing more and drops who does not go',
  async (t) => {
    const { clock, hub, change, everything } = openHub()
    const callers = Array.from({ length: 4 }, () => sinkOf(() => true))
    const [leave] = callers.map(({ sink }) => hub.open(everything, sink))
    const closed = hub.close()
    change(one(1))
    t.strictSame(
      callers.map(({ said }) => said),
      [['end 1000'], ['end 2000'], ['end 3000'], ['end 4000']],
    )
    t.ok(callers.every(({ frames }) => frames.length === 1))
    leave?.()
    await clock.advance(1_000)
    await closed
    t.strictSame(
      callers.map(({ said }) => said.at(-1)),
      ['end 1000', 'destroyed', 'destroyed', 'destroyed'],
    )
    const late = sinkOf(() => true)
    hub.open(everything, late.sink)
    t.strictSame([late.said, late.frames.length], [['end 1000'], 0], 'nor is a stream begun')
    await openHub().hub.close()
  },
)

t.test('knows when there are as many streams as there may be', async (t) => {
  const { market } = openHub()
  const nothing = { inc: () => undefined }
  const meter = { messages: nothing, bytes: nothing, dropped: nothing }
  const hub = createHub({ market, clock: new FakeClock(), simulated: false, meter, most: 1 })
  t.notOk(hub.isFull)
  const leave = hub.open({ filter: createRowFilter(market, {}), wantsAll: false }, sinkOf(() => true).sink)
  t.ok(hub.isFull)
  leave()
  t.notOk(hub.isFull)
})

t.test('tells a firing once, again to who comes back, and says so when it has forgotten some', async (t) => {
  const { clock, hub, alert, alerts: fired, change, market, everything } = openHub()
  change(one(1))
  const first = sinkOf(() => true)
  hub.open(everything, first.sink)
  alert('coin-1')
  hub.alert(fired[0] as (typeof fired)[number])
  t.strictSame(
    first.messages().map(({ event }) => event),
    ['hello', 'alert'],
  )
  const again = sinkOf(() => true)
  hub.open({ ...everything, since: market.version }, again.sink)
  t.strictSame(
    again.messages().map(({ event }) => event),
    ['hello', 'alert'],
  )

  const slow = sinkOf(() => false)
  hub.open(everything, slow.sink)
  for (let n = 0; n <= KEPT; n++) alert('coin-2')
  await clock.advance(1_000)
  t.strictSame(slow.said, ['destroyed'], 'who missed some is to come back')
  const late = sinkOf(() => true)
  hub.open({ ...everything, since: market.version }, late.sink)
  t.match(late.messages().slice(0, 2), [{ event: 'hello', id: undefined }, { data: { reason: 'unknown-version' } }])
})

t.test(
  'an alert that came before its data, or before a restart, is told to who comes back with the version of the data',
  async (t) => {
    const alerts = createAlerts()
    const receivedMs = Date.parse('2026-01-01T00:10:00.000Z')
    const version = dataVersionOf(receivedMs, 1)
    for (const [n, secondsBefore] of [40, 20, -5].entries()) {
      alerts.add(triggerOf(n, 'bitcoin', receivedMs - secondsBefore * 1_000), 0)
    }
    t.equal(alerts.since(version, 7), 1)
    t.equal(alerts.since(dataVersionOf(receivedMs + 60_000, 1), 7), 3)
    t.equal(alerts.since(dataVersionOf(receivedMs + 60_000, 1), 0), 0, 'what came after the version was there')
  },
)

t.test('knows the last twenty thousand versions', async (t) => {
  const versions = createVersions()
  for (let n = 0; n <= 20_000; n++) versions.add(`v-${n}`, n)
  t.strictSame([versions.markOf('v-0'), versions.markOf('v-1'), versions.markOf('v-20000')], [undefined, 1, 20_000])
})
