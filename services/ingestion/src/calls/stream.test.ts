import { captureLog, FakeClock, type Peer, startWebSocketServer, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import type { Observation } from '../observation.ts'
import type { StreamFeed, StreamState } from '../source.ts'
import { binance } from './binance.ts'
import { runStream } from './stream.ts'

const DAY_MS = 86_400_000

/** A stream at work, with all that came of it. */
async function streaming(t: Test, { renewAfterMs = DAY_MS, refuseWith = null as number | null } = {}) {
  const server = await startWebSocketServer()
  server.refuseWith = refuseWith
  const clock = new FakeClock()
  const messages: unknown[] = []
  const states: StreamState[] = []
  const stop = new AbortController()
  const run = runStream(
    {
      url: `${server.url}/all`,
      tools: { clock, random: () => 0 },
      renewAfterMs,
      told: (state) => states.push(state),
      take(message) {
        messages.push(message)
        return (message as { e?: string } | null)?.e === 'serverShutdown' ? 'renew' : 'go on'
      },
    },
    stop.signal,
  )
  t.teardown(async () => {
    stop.abort()
    await run
    await server[Symbol.asyncDispose]()
  })
  const connected = async (times: number) => {
    await until(() => states.filter((state) => state.connected).length === times)
    return server.peers.at(-1) as Peer
  }
  const heard = (count: number) => until(() => messages.length >= count)
  return { server, clock, messages, states, stop, run, connected, heard }
}

t.test('hands on each message in order; what is not JSON or not text ends nothing', async (t) => {
  const { messages, connected, heard, states } = await streaming(t)
  const peer = await connected(1)
  const sent = ['[1]', '{"a":', 'null', '', `"${'x'.repeat(70_000)}"`, '{"b":2}']
  for (const text of sent) peer.send(text)
  peer.sendBytes(new Uint8Array([1, 2, 3]))
  peer.send('[3]')
  await heard(8)
  t.same(messages, [[1], undefined, null, undefined, 'x'.repeat(70_000), { b: 2 }, undefined, [3]])
  t.same(states, [{ connected: true }])
})

t.test('answers pings, and sends nothing else', async (t) => {
  const { connected } = await streaming(t)
  const peer = await connected(1)
  peer.ping()
  peer.ping()
  await until(() => peer.frames.length >= 2)
  t.same(peer.frames, [
    { opcode: 10, text: 'there?' },
    { opcode: 10, text: 'there?' },
  ])
})

t.test('tries again ever less often while tries fail, at most once a second, at least once a minute', async (t) => {
  const { server, clock, states } = await streaming(t, { refuseWith: 503 })
  const gapsMs: number[] = []
  for (let tries = 1; tries <= 9; tries++) {
    await until(() => server.tries === tries && clock.sleeping === 1)
    let gapMs = 0
    for (; clock.sleeping === 1 && server.tries === tries; gapMs += 500) await clock.advance(500)
    gapsMs.push(gapMs)
  }
  t.same(gapsMs, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000])
  t.match(states[0], { connected: false, reason: /^closed \(1006\)/ })
})

t.test('a connection that is taken and cut again at once counts as a failure', async (t) => {
  const { server, clock, connected, states } = await streaming(t)
  for (let times = 1; times <= 3; times++) {
    const peer = await connected(times)
    peer.cut()
    await until(() => states.length === 2 * times && clock.sleeping === 1)
    await clock.advance(1_000 * 2 ** times - 1)
    t.equal(server.tries, times)
    await clock.advance(1)
  }
  t.match(states.slice(0, 4), [{ connected: true }, { connected: false }, { connected: true }, { connected: false }])
})

t.test('one that lasted is replaced at once when it ends', async (t) => {
  const { clock, connected, states, heard } = await streaming(t)
  const peer = await connected(1)
  for (let sent = 1; sent <= 2; sent++) {
    await clock.advance(50_000)
    peer.send('[]')
    await heard(sent)
  }
  peer.close(1001)
  await connected(2)
  t.match(states, [{ connected: true }, { connected: false, reason: 'closed (1001)' }, { connected: true }])
})

t.test('one that has been silent for a minute is given up', async (t) => {
  const { clock, connected, states, heard } = await streaming(t)
  const peer = await connected(1)
  await clock.advance(59_999)
  peer.send('[]')
  await heard(1)
  await clock.advance(59_999)
  t.equal(states.length, 1, 'a message is a sign of life')
  await clock.advance(1)
  await connected(2)
  t.match(states[1], { connected: false, reason: 'silent for 60 s' })
  await until(() => !peer.isOpen)
})

t.test('a server that takes the connection and never answers is left after 10 s', async (t) => {
  const { server, clock, states } = await streaming(t, { refuseWith: 0 })
  await until(() => server.tries === 1)
  await clock.advance(10_000)
  await until(() => states.length === 1)
  t.same(states, [{ connected: false, reason: 'not open within 10 s' }])
})

for (const [when, renew] of [
  ['after its time', async ({ clock }) => clock.advance(30_000)],
  ['when the server says that it will go down', async ({ peer }) => peer.send('{"e":"serverShutdown","E":1}')],
] as [string, (on: { clock: FakeClock; peer: Peer }) => Promise<void> | void][])
  t.test(`${when} a connection is replaced without a gap: it is left once the next is open`, async (t) => {
    const { server, clock, messages, states, connected } = await streaming(t, { renewAfterMs: 100_000 })
    const old = await connected(1)
    await clock.advance(50_000)
    old.send('[]')
    await until(() => messages.length === 1)
    await clock.advance(20_000)
    server.refuseWith = 503
    await renew({ clock, peer: old })
    await until(() => server.tries === 2)
    old.send('"still"')
    await until(() => messages.includes('still'))
    t.same(states, [{ connected: true }], 'the first is kept while a next one fails')
    server.refuseWith = null
    await until(() => clock.advance(100).then(() => server.peers.length === 2))
    const next = await connected(2)
    old.send('"late"')
    next.send('"next"')
    await until(() => messages.includes('next'))
    t.notOk(messages.includes('late'))
    t.same(states, [{ connected: true }, { connected: true }])
    await until(() => !old.isOpen)
  })

t.test('a message of more than 8 MB ends the connection and not the stream', async (t) => {
  const { clock, connected, messages, heard } = await streaming(t)
  const peer = await connected(1)
  peer.send(`"${'x'.repeat(9_000_000)}"`)
  await until(() => !peer.isOpen && clock.sleeping === 1)
  await clock.advance(2_000)
  const next = await connected(2)
  next.send('[]')
  await heard(1)
  t.same(messages, [[]])
})

t.test('ends when it is told to, whatever it is at, with nothing left open', async (t) => {
  const open = await streaming(t)
  const peer = await open.connected(1)
  open.stop.abort()
  await open.run
  await until(() => !peer.isOpen)
  t.equal(open.clock.sleeping, 0)
  t.same(open.states, [{ connected: true }])

  const waiting = await streaming(t, { refuseWith: 503 })
  await until(() => waiting.clock.sleeping === 1)
  waiting.stop.abort()
  await waiting.run

  const trying = await streaming(t, { refuseWith: 0 })
  await until(() => trying.server.tries === 1)
  trying.stop.abort()
  await trying.run
  t.equal(trying.clock.sleeping, 0)
})

t.test('Binance: the pairs that changed come as observations, and what is no list of them as a fault', async (t) => {
  await using server = await startWebSocketServer()
  const clock = new FakeClock()
  const settings = {
    url: 'http://127.0.0.1:9',
    streamUrl: `${server.url}/ws`,
    apiKey: null,
    perMinute: 40,
    perMonth: null,
  }
  const { log } = captureLog()
  const source = binance.open({ ...settings, simulated: false }, { clock, log, random: () => 0 })
  const feed = source.feeds.find(({ kind }) => kind === 'stream') as StreamFeed
  const rows: Observation[] = []
  const reasons: string[] = []
  const stop = new AbortController()
  const hand: Parameters<typeof feed.run>[0] = (answer) => {
    rows.push(...answer.rows)
    reasons.push(...answer.faults.map(({ reason }) => reason))
  }
  const run = feed.run(hand, () => {}, stop.signal)
  await until(() => server.peers.length === 1)
  const [peer] = server.peers
  t.equal(peer?.path, '/ws/!miniTicker@arr')
  const ticker = { e: '24hrMiniTicker', E: clock.now() - 250, s: '币安人生USDT', c: '0.0025', o: '0.001', h: '0.003' }
  peer?.send(
    JSON.stringify([
      { ...ticker, l: '0.001', v: '10000', q: '18' },
      { ...ticker, s: 7 },
    ]),
  )
  peer?.send('{"result":null,"id":1}')
  await until(() => reasons.length === 2)
  t.match(rows, [
    {
      key: '币安人生USDT',
      symbol: '币安人生',
      currency: 'USDT',
      price: 0.0025,
      volume24h: 18,
      high24h: 0.003,
      low24h: 0.001,
      observedAtMs: clock.now() - 250,
    },
  ])
  t.same(reasons, ['key: out of bounds', 'message: not a list'])
  peer?.send(JSON.stringify({ e: 'serverShutdown', E: clock.now() }))
  await until(() => clock.advance(100).then(() => server.peers.length === 2))
  stop.abort()
  await run
  await source.close()
})
