import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { manyQuotes, manyScoredCoins, quoteOf, scoredCoinOf, until } from '@crypto-signals/testing'
import t from 'tap'
import { WebSocket } from 'ws'
import { createFollower } from '../../test/follower.ts'
import { triggerOf } from '../../test/live-market.ts'
import { type Reader, readEvents, readFrames } from '../../test/streams.ts'
import { openWorld } from '../../test/world.ts'

type World = Awaited<ReturnType<typeof openWorld>>

/** The service behind a real socket, started unless told otherwise. */
async function openLive(options: Parameters<typeof openWorld>[0] = {}) {
  const world = await openWorld(options)
  await world.service.start()
  await world.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = world.app.server.address() as AddressInfo
  return { ...world, port, url: `http://127.0.0.1:${port}` }
}

const second = (n: number) => new Date(Date.parse('2026-01-01T00:00:00.000Z') + n * 1_000).toISOString()
const quoteAt = (n: number, coinId: string, more: Parameters<typeof quoteOf>[0] = {}) =>
  quoteOf({ coinId, observedAt: second(n), receivedAt: second(n), ...more })
const scoredAt = (n: number, coinId: string, finalScore: number) =>
  scoredCoinOf({ coinId, finalScore, observedAt: second(n), updatedAt: second(n) })

const versionOf = async ({ service }: World) => (await service.readiness()).version
const hasAll = async (world: World, ...readers: Reader[]) => {
  const version = await versionOf(world)
  await until(() => readers.every(({ id }) => id === version))
}

t.test('server-sent events and a WebSocket tell the same, from the whole market on', async (t) => {
  const [quotes, scored] = [manyQuotes(1_200), manyScoredCoins(1_200)]
  await using world = await openLive({ quotes, scored })
  const path = '/api/stream?snapshot=true&timeframe=SCALPING&actions=buy,hold'
  const [events, frames] = [
    await readEvents(`${world.url}${path}`),
    await readFrames(`${world.url}${path.replace('?', '/ws?')}`),
  ]
  await hasAll(world, events, frames)
  for (let n = 0; n < 5; n++) {
    const at = { observedAt: second(86_400 + n), updatedAt: second(86_400 + n) }
    const batch = scored
      .slice(n * 60, n * 60 + 120)
      .map(({ coinId }, i) => scoredCoinOf({ coinId, finalScore: (i * 7 + n) % 100, ...at }))
    await world.publish.scored(batch)
    if (n === 2) await world.publish.alert(triggerOf(n, 'bitcoin', world.clock.now()))
    await world.clock.advance(100)
  }
  await hasAll(world, events, frames)
  t.strictSame(events.messages, frames.messages)
  const kinds = events.messages.map(({ event }) => event)
  t.strictSame([kinds[0], kinds[1], kinds.filter((kind) => kind === 'alert').length], ['hello', 'reset', 1])
  t.ok(
    events.messages.some(({ event, data }) => event === 'changes' && data.more),
    'a large step came in several messages',
  )
  const follower = createFollower()
  for (const message of events.messages) follower.apply(message)
  const lines = (await world.get('/api/export.ndjson?timeframe=SCALPING&actions=buy,hold')).body.trim().split('\n')
  const held = [...follower.rows.values()].map((row) => JSON.stringify(row))
  t.strictSame(held.sort(), lines.sort(), 'who followed holds what is exported')
  const figures = await world.metrics.metrics()
  t.match(figures, /query_stream_clients\{transport="sse"\} 1\n/)
  t.match(figures, /query_stream_clients\{transport="websocket"\} 1\n/)
  for (const reader of [events, frames]) reader.close()
})

t.test(
  'goes on where a stream was cut: Last-Event-ID counts more than since, and what nobody knows is said',
  async (t) => {
    await using world = await openLive({ quotes: [quoteAt(1, 'bitcoin')] })
    const first = await versionOf(world)
    await world.publish.quotes([quoteAt(2, 'ethereum')])
    await world.clock.advance(100)
    const now = String(await versionOf(world))
    const told = async (query: string, headers = {}) => {
      const reader = await readEvents(`${world.url}/api/stream${query}`, headers)
      await until(() => reader.id === now)
      reader.close()
      return reader.messages.map(({ event, id, data }) => [
        event,
        id,
        event === 'changes' ? data.rows.map(({ coinId }) => coinId) : event === 'reset' ? data.reason : null,
      ])
    }
    const rest = [
      ['hello', first, null],
      ['changes', now, ['ethereum']],
    ]
    const all = [
      ['hello', undefined, null],
      ['reset', undefined, 'unknown-version'],
      ['changes', now, ['bitcoin', 'ethereum']],
    ]
    t.strictSame(await told(`?since=${first}`), rest)
    t.strictSame(await told(`?since=${now}`, { 'last-event-id': String(first) }), rest)
    t.strictSame(await told(`?since=${first}`, { 'last-event-id': 'what is this' }), all)
    t.strictSame(await told('?since=a-b'), all)
    t.strictSame(await told(''), [['hello', now, null]])
  },
)

t.test(
  'drops readers that read nothing or a kilobyte a second, never holds a megabyte for one, and serves the others',
  async (t) => {
    await using world = await openLive()
    const sockets = new Set<{ writableLength: number }>()
    world.app.server.on('connection', (socket) => sockets.add(socket))
    const open = (path: string, bytesASecond: number) => {
      const socket = connect(world.port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`))
      socket.on('readable', () => undefined).on('error', () => undefined)
      return () => void (bytesASecond > 0 && socket.read(bytesASecond))
    }
    const slow = [0, 0, 1_000, 1_000].map((bytes) => open('/api/stream', bytes))
    const handshake = { 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    const ws = new WebSocket(`ws://127.0.0.1:${world.port}/api/stream/ws`, { headers: handshake })
    await new Promise((resolve) => ws.on('open', resolve))
    ws.pause()
    const good = [await readEvents(`${world.url}/api/stream`), await readFrames(`${world.url}/api/stream/ws`)]
    await until(async () => /transport="sse"\} 5\n/.test(await world.metrics.metrics()))
    const name = '日'.repeat(256)
    const droppedOf = async () => {
      const counts = (await world.metrics.metrics()).matchAll(/dropped_total\{reason="\w+"\} (\d+)/g)
      return counts.reduce((sum, [, count]) => sum + Number(count), 0)
    }
    let rounds = 0
    for (; rounds < 60 && (await droppedOf()) < 5; rounds++) {
      await world.publish.quotes(Array.from({ length: 1_000 }, (_, i) => quoteAt(rounds, `coin-${i}`, { name })))
      world.service.flush()
      await hasAll(world, ...good)
      t.ok(Math.max(...[...sockets].map(({ writableLength }) => writableLength)) < 2 ** 20)
      for (const read of slow) read()
      await world.clock.advance(1_000)
    }
    t.equal(await droppedOf(), 5)
    await until(async () => /transport="websocket"} 1\n/.test(await world.metrics.metrics()))
    t.strictSame(good[0]?.messages.length, good[1]?.messages.length)
    for (const reader of good) reader.close()
    ws.terminate()
  },
)

t.test('ends all streams when the server closes, in no more than a second for those who do not go', async (t) => {
  await using world = await openLive({ quotes: manyQuotes(300) })
  const events = await Promise.all([1, 2].map(() => readEvents(`${world.url}/api/stream`)))
  const frames = await readFrames(`${world.url}/api/stream/ws`)
  const stuck = connect(world.port, '127.0.0.1', () => stuck.write('GET /api/stream HTTP/1.1\r\nhost: x\r\n\r\n'))
  stuck.on('error', () => undefined)
  await until(async () => /transport="sse"\} 3\n/.test(await world.metrics.metrics()))
  stuck.pause()
  const closed = world.app.close()
  t.equal(await frames.ended, 1001)
  t.strictSame(await Promise.all(events.map(({ ended }) => ended)), ['retry: 1000\n', 'retry: 2000\n'])
  await until(() => world.clock.sleeping > 0)
  await world.clock.advance(1_000)
  await closed
  t.pass('and the server was closed')
})

t.test('gives a WebSocket whose ping lies behind much else the time to come to it', async (t) => {
  await using world = await openLive()
  const reader = await readFrames(`${world.url}/api/stream/ws`)
  reader.socket.pause()
  const name = 'x'.repeat(256)
  await world.publish.quotes(Array.from({ length: 500 }, (_, i) => quoteAt(1, `coin-${i}`, { name })))
  world.service.flush()
  await world.clock.advance(10_000)
  await world.clock.advance(12_000)
  t.notMatch(await world.metrics.metrics(), /dropped_total\{/)
  const pinged = new Promise((resolve) => reader.socket.once('ping', resolve))
  reader.socket.resume()
  await Promise.all([pinged, hasAll(world, reader)])
  t.equal(reader.socket.readyState, WebSocket.OPEN)
  reader.close()
})

t.test('takes no notice of what a WebSocket sends, and ends one that sends much or does not answer', async (t) => {
  await using world = await openLive()
  const [talker, shouter] = [
    await readFrames(`${world.url}/api/stream/ws`),
    await readFrames(`${world.url}/api/stream/ws`),
  ]
  const silent = new WebSocket(`ws://127.0.0.1:${world.port}/api/stream/ws`, { autoPong: false })
  await new Promise((resolve) => silent.on('open', resolve))
  talker.socket.send('{"subscribe":"everything"}')
  shouter.socket.send('x'.repeat(2_000))
  t.equal(await shouter.ended, 1009)
  const pinged = new Promise((resolve) => talker.socket.once('ping', resolve))
  await world.clock.advance(10_000)
  await pinged
  const gone = new Promise((resolve) => silent.on('close', resolve))
  await until(() => silent.readyState === WebSocket.OPEN)
  // The answer of the other is on its way.
  await world.publish.quotes([quoteAt(1, 'bitcoin')])
  await world.clock.advance(100)
  await hasAll(world, talker)
  await world.clock.advance(11_000)
  t.equal(await gone, 1006)
  t.match(await world.metrics.metrics(), /dropped_total\{reason="silent"\} 1\n/)
  t.equal(talker.socket.readyState, WebSocket.OPEN)
  talker.close()
})

t.test('what cannot become a stream is refused as any request is', async (t) => {
  await using world = await openLive({ quotes: [quoteAt(1, 'bitcoin')] })
  const many = Array.from({ length: 101 }, (_, i) => `coin-${i}`).join()
  const queries = [
    'coins=',
    'coins=a,,b',
    `coins=${many}`,
    `coins=${'x'.repeat(129)}`,
    'coins=%00',
    'actions=',
    'actions=BUY',
    'actions=buy,',
    'actions=buy;hold',
    'timeframe=1h',
    'min_change=-1',
    'min_change=x',
    'min_change=1000001',
    'snapshot=yes',
    'since=',
    'since=x',
    'since=A-B',
    `since=${'1'.repeat(40)}-1`,
    'x=1',
    'coins=a&coins=b',
  ]
  for (const query of queries) {
    for (const path of [
      '/api/stream',
      '/api/stream/ws',
      '/api/signals/delta',
      '/api/export.ndjson',
      '/api/export.csv',
    ]) {
      const answer = await world.get(`${path}?${query}`)
      t.strictSame([answer.statusCode, answer.json().code], [400, 'HTTP_INVALID_REQUEST'], `${path}?${query}`)
    }
  }
  const upgraded = await readFrames(`${world.url}/api/stream/ws?x=1`).catch((error: Error) => error.message)
  t.equal(upgraded, 'Unexpected server response: 400')
  const refused = await world.get('/api/stream', { accept: 'application/json' })
  t.strictSame([refused.statusCode, refused.json().code], [406, 'QUERY_NOT_ACCEPTABLE'])
  for (const method of ['HEAD', 'POST', 'DELETE'] as const) {
    t.equal((await world.app.inject({ method, url: '/api/stream' })).statusCode, 405)
  }
  t.equal((await world.get('/api/stream/ws')).json().details[0].message, 'must be websocket')
  const other = connect(world.port, '127.0.0.1')
  let answers = ''
  other.on('data', (chunk) => (answers += String(chunk)))
  for (const [n, headers] of ['connection: upgrade\r\nupgrade: websocket\r\n', ''].entries()) {
    other.write(`GET /api/coins HTTP/1.1\r\nhost: x\r\n${headers}\r\n`)
    await until(() => answers.split('HTTP/1.1 200 OK').length === n + 2)
  }
  other.destroy()
})

t.test('is not there until the store was read, and counts the coins that are asked for', async (t) => {
  await using world = await openWorld()
  await world.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = world.app.server.address() as AddressInfo
  t.equal((await world.get('/api/stream')).statusCode, 503)
  const refused = await readFrames(`http://127.0.0.1:${port}/api/stream/ws`).catch((error: Error) => error.message)
  t.equal(refused, 'Unexpected server response: 503')
  await world.service.start()
  await world.publish.quotes([quoteAt(1, 'bitcoin')])
  await world.publish.scored([scoredAt(1, 'bitcoin', 50)])
  world.service.flush()
  const asked: string[][] = []
  await world.bus.consume(
    'interest',
    { group: 'test', delivery: 'each' },
    async ({ coinIds }) => void asked.push(coinIds),
  )
  const reader = await readEvents(`http://127.0.0.1:${port}/api/stream?coins=bitcoin,unknown`)
  await world.clock.advance(30_000)
  await until(() => asked.length > 0)
  t.strictSame(asked, [['bitcoin']])
  reader.close()
})
