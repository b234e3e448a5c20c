import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { until } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { type MarketServer, startMarketServer } from '../test/market-server.ts'
import { createQuickClock } from '../test/quick-clock.ts'
import { ApiError } from './api-error.ts'
import { clientWith } from './create-client.ts'
import { createHeldRows } from './held-rows.ts'
import type { LiveMarketOptions, LiveMarketState } from './live-market.ts'
import type { MarketRow, StreamMessage } from './types.ts'

const watching = (server: MarketServer, options: LiveMarketOptions = {}) =>
  clientWith({ baseUrl: server.url, timeoutMs: 60_000 }, { clock: createQuickClock(), random: () => 0 }).liveMarket(
    {},
    options,
  )

const answering =
  (status: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end('{}')

const coins = fc.array(fc.record({ coin: fc.integer({ min: 1, max: 12 }), fits: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
})
const limits = fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 3 })
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('change' as const), coins }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), limits }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), coins, limits }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('fail' as const), status: fc.constantFrom(429, 500, 502, 503) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('alert' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
)
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never

function obey(server: MarketServer, command: Command): void {
  if (command.do === 'change') server.change(command.coins)
  if (command.do === 'cut' || command.do === 'restart') {
    server.cut()
    server.limits.push(...command.limits)
  }
  if (command.do === 'restart') {
    server.change(command.coins)
    server.market.forget()
  }
  if (command.do === 'fail') server.faults.push(answering(command.status, { 'retry-after': '1' }))
  if (command.do === 'alert') server.alert()
}

t.test('at any time a live market is what the server was at its version, wherever connections break off', async (t) => {
  const seen = { changes: 0, resets: 0, left: 0, alerts: 0 }
  const run = async (commands: readonly Command[]) => {
    await using server = await startMarketServer()
    server.change([1, 2, 3, 4, 5, 6, 7].map((coin) => ({ coin, fits: coin % 3 > 0 })))
    const told: string[] = []
    const market = watching(server, { onAlert: ({ triggerId }) => void told.push(triggerId) })
    const shadow = new Map<string, unknown>()
    const faults: unknown[] = []
    market.subscribe(({ rows, left, reset }) => {
      for (const row of rows) shadow.set(row.coinId, row)
      for (const coinId of left) if (!shadow.delete(coinId)) faults.push(`${coinId} left and was not there`)
      seen.changes++
      seen.resets += Number(reset)
      seen.left += left.length
      try {
        assert.deepEqual(new Map(market.rows), server.market.stateAt(String(market.version)))
        assert.deepEqual(shadow, new Map(market.rows))
      } catch (error) {
        faults.push(error)
      }
    })
    const settled = () => until(() => market.version === server.market.version && market.state === 'open')
    for (const command of commands) {
      obey(server, command)
      if (command.do === 'settle') await settled()
      else await new Promise((resolve) => setImmediate(resolve))
    }
    await settled()
    market.close()
    seen.alerts += told.length
    assert.deepEqual(faults, [])
    assert.deepEqual(new Map(market.rows), server.market.stateAt(server.market.version))
    assert.equal(new Set(told).size, told.length, 'an alert was told twice')
  }
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40, size: 'max' }), run), {
    numRuns: 80,
  })
  t.ok(
    Object.values(seen).every((count) => count > 20),
    JSON.stringify(seen),
  )
})

const row = (coinId: string, price: number) => ({ coinId, priceUsd: price }) as MarketRow
const changes = (version: string, rows: MarketRow[], left: string[], more = false): StreamMessage => ({
  event: 'changes',
  data: { version, at: '', rows, left, more },
})
const hello: StreamMessage = { event: 'hello', data: { version: '1', source: 'live', at: '' } }
const reset: StreamMessage = { event: 'reset', data: { reason: 'snapshot', at: '' } }

t.test('of a step that comes in parts nothing is seen before the last, and then the latest of each coin', async (t) => {
  const held = createHeldRows()
  held.replace(new Map([a1, row('b', 1), row('c', 1)].map((row) => [row.coinId, row])), '1')
  const { rows } = held
  t.equal(held.take(changes('2', [row('a', 2), row('d', 2)], ['b'], true)), undefined)
  t.equal(held.take(changes('2', [row('b', 2)], ['d', 'c', 'x'], true)), undefined)
  t.strictSame([held.version, rows.get('a')], ['1', a1])
  t.strictSame(held.take(changes('2', [row('d', 3)], ['a'])), {
    rows: [row('b', 2), row('d', 3)],
    left: ['c', 'a'],
    reset: false,
  })
  t.strictSame([held.version, [...rows.keys()].sort()], ['2', ['b', 'd']])
  t.equal(held.take(changes('3', [], ['x'])), undefined, 'nothing changed')
  t.equal(held.version, '3')
  t.equal(held.rows, rows, 'the map is the same')
})

t.test('parts of a step that broke off are forgotten, and so is a reset that did', async (t) => {
  const held = createHeldRows()
  held.replace(new Map([['a', a1]]), '1')
  held.take(changes('2', [row('b', 2)], ['a'], true))
  held.take(hello)
  t.strictSame(held.take(changes('3', [row('c', 3)], [])), { rows: [row('c', 3)], left: [], reset: false })
  for (const message of [reset, changes('4', [row('d', 4)], [], true), hello]) held.take(message)
  held.take(changes('4', [row('e', 4)], []))
  t.strictSame([...held.rows.keys()], ['a', 'c', 'e'])
  for (const message of [reset, changes('5', [row('e', 5)], [], true)]) held.take(message)
  t.strictSame([...held.rows.keys()], ['a', 'c', 'e'], 'what was held is shown until all is there')
  t.strictSame(held.take(changes('5', [], [])), { rows: [row('e', 5)], left: ['a', 'c'], reset: true })
  t.strictSame([...held.rows.keys()], ['e'])
})

const a1 = row('a', 1)

t.test('more rows than there can be are refused', async (t) => {
  const held = createHeldRows()
  const many = Array.from({ length: 200_001 }, (_, index) => row(String(index), 1))
  t.throws(() => held.take(changes('2', many, [], true)), { code: 'BAD_ANSWER' })
})

t.test('what a listener throws is reported, and keeps nobody from anything', async (t) => {
  const reported: unknown[] = []
  const page = globalThis as { reportError?: (error: unknown) => void }
  page.reportError = (error) => void reported.push(error)
  t.teardown(() => delete page.reportError)
  await using server = await startMarketServer()
  const fail = (what: string) => () => {
    throw new Error(what)
  }
  const market = watching(server, { onState: fail('state'), onAlert: fail('alert') })
  const told: number[] = []
  market.subscribe(fail('listener'))
  const leave = market.subscribe(({ rows }) => void told.push(rows.length))
  await market.ready
  await until(() => market.state === 'open')
  server.change([{ coin: 1, fits: true }])
  server.alert()
  await until(() => market.version === server.market.version && reported.length >= 5)
  leave()
  server.change([{ coin: 2, fits: true }])
  await until(() => market.version === server.market.version)
  market.close()
  t.strictSame(told, [0, 1])
  const words = new Set(reported.map((error) => (error as Error).message))
  t.strictSame(words, new Set(['state', 'listener', 'alert']))
})

t.test('a refusal closes it, and is told', async (t) => {
  await using server = await startMarketServer()
  server.faults.push(answering(404))
  const states: [LiveMarketState, number | undefined][] = []
  const market = watching(server, { onState: (state, error) => void states.push([state, error?.status]) })
  await t.rejects(market.ready, { name: 'ApiError', status: 404 })
  t.strictSame(states, [
    ['connecting', undefined],
    ['closed', 404],
  ])
  server.faults.push(...[0, 1, 2, 3].map(() => answering(503)), (response) => response.socket?.destroy())
  const other = watching(server)
  await other.ready
  t.equal(other.version, server.market.version, 'a fault that may pass is waited for')
  server.faults.push(answering(401))
  server.cut()
  await until(() => other.state === 'closed')
})

t.test('closed or aborted it tells nobody anything more, and lets go of its connections', async (t) => {
  await using server = await startMarketServer()
  const stop = new AbortController()
  const states: LiveMarketState[] = []
  const market = watching(server, { signal: stop.signal, onState: (state) => void states.push(state) })
  t.equal(market.state, 'connecting')
  t.strictSame([market.version, market.source, market.rows.size], [null, null, 0])
  await until(() => market.state === 'open')
  t.equal(market.source, 'simulated')
  market.subscribe(() => t.fail('told'))
  stop.abort()
  server.change([{ coin: 1, fits: true }])
  await until(() => server.readers() === 0)
  t.strictSame([market.state, states.at(-1), market.rows.size], ['closed', 'closed', 0])
  market.close()
  await market.ready

  const early = watching(server)
  early.close()
  await t.rejects(early.ready, { name: 'ApiError', status: 0, code: 'CLOSED' })
  const never = watching(server, { signal: AbortSignal.abort() })
  await t.rejects(never.ready, ApiError)
  t.equal(never.state, 'closed')
})
