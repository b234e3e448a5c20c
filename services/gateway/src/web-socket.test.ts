import type { IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { Failure } from '@crypto-signals/contracts'
import { FakeClock, until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { WebSocket } from 'ws'
import { door, replica, V1 } from '../test/live-door.ts'
import { json } from '../test/replica.ts'
import { callRaw, createShouters, createStreams, listen, settled } from '../test/streaming.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

const WORDS = Buffer.alloc(2 ** 14)

t.test('carries a WebSocket both ways, from one who speaks before he is answered', async (t) => {
  const shouters = createShouters()
  const { url, gauge } = await door(t, [await replica({ upgrade: shouters.upgrade })])
  const peer = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws?coins=a`, ['chat'], {
    headers: { cookie: 'a=b', 'x-forwarded-for': '9.9.9.9', 'last-event-id': V1 },
    perMessageDeflate: true,
  })
  peer.on('error', () => undefined)
  // That the subprotocol he asked for was not agreed on ends it on his side, as the protocol wants.
  await until(() => peer.readyState === WebSocket.CLOSED)
  const early = await callRaw(
    url,
    `GET /api/stream/ws HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${KEY}\r\n\r\n\x81\x82\0\0\0\0hi`,
  )
  await until(() => early.said().endsWith('HI'))
  t.match(
    early.said(),
    /^HTTP\/1.1 101 Switching Protocols\r\n[\s\S]*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/,
  )
  const { 'sec-websocket-key': _, host: __, 'x-request-id': ___, ...headers } = shouters.asked[0]?.headers ?? {}
  t.strictSame(headers, {
    'last-event-id': V1,
    'sec-websocket-version': '13',
    connection: 'Upgrade',
    upgrade: 'websocket',
  })
  await until(async () => (await gauge('websocket')) === 1)
  early.socket.destroy()
  await until(async () => (await gauge('websocket')) === 0 && shouters.peers.size === 0)
})

t.test('tells each end of a WebSocket that the other is gone, with what was said last', async (t) => {
  const shouters = createShouters()
  const dying = await replica({ upgrade: shouters.upgrade })
  const { url } = await door(t, [dying])
  const connected = async () => {
    const peer = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws`)
    const closed = new Promise<[number, string]>((resolve) =>
      peer.on('error', () => undefined).on('close', (code, reason) => resolve([code, String(reason)])),
    )
    await new Promise((resolve) => peer.once('open', resolve))
    return { peer, closed }
  }
  const told = await connected()
  await until(() => shouters.peers.size === 1)
  for (const peer of shouters.peers) {
    peer.send('x'.repeat(1_000_000))
    peer.close(1001, 'restarting')
  }
  let bytes = 0
  told.peer.on('message', (said) => (bytes += (said as Buffer).length))
  t.strictSame(await told.closed, [1001, 'restarting'])
  t.equal(bytes, 1_000_000)
  const cut = await connected()
  await dying.die()
  t.strictSame(await cut.closed, [1006, ''])
})

t.test('does not keep who reads nothing when the other end is gone', async (t) => {
  const [shouters, clock] = [createShouters(), new FakeClock()]
  const dying = await replica({ upgrade: shouters.upgrade })
  const { url, sockets, gauge } = await door(t, [dying], {}, clock)
  const peer = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws`)
  await new Promise((resolve) => peer.once('open', resolve))
  await until(() => shouters.peers.size === 1)
  peer.pause()
  const held = () => Math.max(...[...sockets].map(({ writableLength }) => writableLength))
  // Piece by piece: were more on its way than the door takes in, it would not hear of the end.
  while (held() === 0) {
    for (const service of shouters.peers) service.send(WORDS)
    for (let turn = 0; turn < 5; turn++) await setImmediate()
  }
  await dying.die()
  await until(() => shouters.peers.size === 0)
  await settled(() => sockets.size)
  t.equal(await gauge('websocket'), 1, 'he may still read what was said last')
  await clock.advance(5_000)
  await until(async () => (await gauge('websocket')) === 0)
  peer.terminate()
})

t.test('holds no more of what a WebSocket says than its buffers while nobody reads it', async (t) => {
  const shouters = createShouters()
  const { url, sockets } = await door(t, [await replica({ upgrade: shouters.upgrade })])
  const peer = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws`)
  await new Promise((resolve) => peer.once('open', resolve))
  await until(() => shouters.peers.size === 1)
  peer.pause()
  const [service] = shouters.peers
  for (let i = 0; i < 64; i++) service?.send(Buffer.alloc(2 ** 20))
  await settled(() => service?.bufferedAmount ?? 0)
  t.ok((service?.bufferedAmount ?? 0) > 2 ** 20, 'the service has to keep the rest')
  const held = Math.max(...[...sockets].map(({ writableLength }) => writableLength))
  t.ok(held < 2 ** 18, `${held} bytes are held for him`)
  let bytes = 0
  peer.on('message', (said) => (bytes += (said as Buffer).length))
  peer.resume()
  await until(() => bytes === 64 * 2 ** 20, { timeoutMs: 60_000 })
  peer.terminate()
})

t.test('refuses a handshake that is none, and pages that may not read, before anybody is asked', async (t) => {
  const shouters = createShouters()
  const queryApi = await replica({ upgrade: shouters.upgrade })
  const { url, gauge } = await door(t, [queryApi], { CORS_ORIGINS: 'https://a.example' })
  const host = new URL(url).host
  const good: Record<string, string> = {
    host,
    connection: 'keep-alive, Upgrade',
    upgrade: 'WebSocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': KEY,
  }
  const shake = async (changes: Record<string, string | undefined>, start = 'GET /api/stream/ws HTTP/1.1') => {
    const headers = Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined)
    const caller = await callRaw(url, `${start}\r\n${headers.map((header) => header.join(': ')).join('\r\n')}\r\n\r\n`)
    await until(
      () =>
        /\r\n\r\n/.test(caller.said()) &&
        (caller.said().includes(' 101 ') || caller.socket.destroyed || caller.said().endsWith('}')),
    )
    caller.socket.destroy()
    return caller.said()
  }
  for (const origin of [undefined, 'https://a.example', `http://${host}`]) {
    t.match(await shake({ origin }), /^HTTP\/1.1 101 /, String(origin))
  }
  const asked = shouters.asked.length
  const refused: [Record<string, string | undefined>, string?, string?][] = [
    [{ origin: 'https://evil.example' }, '403', 'HTTP_FORBIDDEN'],
    [{ origin: 'null' }, '403', 'HTTP_FORBIDDEN'],
    [{ origin: `https://${host}.evil.example` }, '403', 'HTTP_FORBIDDEN'],
    [{ host: undefined }, '400'],
    [{ upgrade: undefined }],
    [{ upgrade: 'h2c' }],
    [{ connection: 'close' }],
    [{ 'sec-websocket-key': undefined }],
    [{ 'sec-websocket-key': 'short' }],
    [{ 'sec-websocket-version': '7' }],
  ]
  for (const [changes, status = '400', code = 'HTTP_INVALID_REQUEST'] of refused) {
    t.match(await shake(changes), new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*${code}`), JSON.stringify(changes))
  }
  t.match(await shake({}, 'GET /api/signals HTTP/1.1'), /^HTTP\/1.1 200 /, 'elsewhere it is an ordinary request')
  t.match(await shake({ upgrade: 'h2c' }, 'GET /api/signals HTTP/1.1'), /^HTTP\/1.1 200 /)
  t.match(await shake({}, 'GET /nothing HTTP/1.1'), /^HTTP\/1.1 404 [\s\S]*HTTP_NOT_FOUND/)
  for (const method of ['POST', 'HEAD']) {
    t.match(await shake({}, `${method} /api/stream/ws HTTP/1.1`), /^HTTP\/1.1 405 [\s\S]*allow: GET\r\n/, method)
  }
  const body = await shake({ 'content-length': '0' }, 'POST /api/alerts HTTP/1.1')
  t.match(body, /^HTTP\/1.1 200 /, 'and what has a body is read as ever')
  t.equal(shouters.asked.length, asked, 'of all these none reached a service')
  await until(async () => (await gauge('websocket')) === 0)
})

t.test('tells who opens a WebSocket what a service says against it', async (t) => {
  const failure = { success: false, error: 'x', code: 'HTTP_INVALID_REQUEST', details: [] }
  const { url, gauge } = await door(t, [
    await replica({ answer: (_request, response) => json(response, 400, failure) }),
  ])
  const refused = await new Promise<IncomingMessage>((resolve) =>
    new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws?x=1`)
      .on('unexpected-response', (_request, answer) => resolve(answer))
      .on('error', () => undefined),
  )
  t.strictSame(JSON.parse(Buffer.concat(await refused.toArray()).toString()), failure)
  t.match(refused, { statusCode: 400, headers: { connection: 'close' } })
  await until(async () => (await gauge('websocket')) === 0)
})

t.test(
  'lets an address have so many streams at a time, of both kinds together, and a new one when one has ended',
  async (t) => {
    const [streams, shouters] = [createStreams(), createShouters()]
    const queryApi = await replica({ answer: streams.answer, upgrade: shouters.upgrade })
    const { url, ask, metrics } = await door(t, [queryApi], { STREAMS_PER_ADDRESS: '2', TRUST_PROXY: '127.0.0.1' })
    const kept = await listen(`${url}/api/stream`)
    const peer = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws`)
    await new Promise((resolve) => peer.once('open', resolve))
    const refused = await ask('/api/stream', { headers: { origin: 'https://a.example' } })
    t.strictSame([refused.status, refused.body.code, refused.headers['retry-after']], [429, 'HTTP_RATE_LIMITED', '10'])
    t.equal(refused.headers['access-control-allow-origin'], '*')
    t.ok(Value.Check(Failure, refused.body))
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws`)
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    t.match(error.message, /429/)
    t.equal((await ask('/api/sources')).status, 200, 'and anything else as before')
    const other = await listen(`${url}/api/stream`, { headers: { 'x-forwarded-for': '2001:db8::1' } })
    await listen(`${url}/api/stream`, { headers: { 'x-forwarded-for': '2001:db8::2' } })
    t.equal(other.answer.status, 200, 'another address has its own')
    const neighbour = await ask('/api/stream', { headers: { 'x-forwarded-for': '2001:db8::3' } })
    t.equal(neighbour.status, 429, 'of which a network is one')
    peer.terminate()
    await until(async () => (await listen(`${url}/api/stream`)).answer.status === 200)
    kept.leave()
    await until(async () => (await listen(`${url}/api/stream`)).answer.status === 200)
    t.match(await metrics.metrics(), /gateway_streams_refused_total\{transport="websocket"\} 1\n/)
  },
)

t.test('ends what has no end when it stops, and asks to come back at different times', async (t) => {
  const [streams, shouters] = [createStreams(), createShouters()]
  const queryApi = await replica({ answer: streams.answer, upgrade: shouters.upgrade })
  const { url, process } = await door(t, [queryApi])
  const [whole, torn] = [await listen(`${url}/api/stream`), await listen(`${url}/api/stream`)]
  const peer = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws`)
  const closed = new Promise((resolve) => peer.once('close', resolve))
  await new Promise((resolve) => peer.once('open', resolve))
  streams.asked[1]?.response.write('data: not yet wh')
  await until(() => torn.said().endsWith('wh'))
  await process.server.close()
  t.strictSame([await whole.reading, await torn.reading], ['ended', 'ended'])
  const [, wait] = /\n\nretry: (\d+)\n\n$/.exec(whole.said()) ?? []
  t.ok(Number(wait) >= 1_000 && Number(wait) <= 5_000, `after ${wait} ms`)
  t.ok(torn.said().endsWith('wh'), 'nothing is put into the middle of a message')
  await closed
  await until(() => streams.closed === 2 && shouters.peers.size === 0)
})

t.test('ends at once what begins while it stops', async (t) => {
  const [streams, shouters, asked] = [createStreams(), createShouters(), [] as (() => void)[]]
  const queryApi = await replica({
    answer: (request, response) => asked.push(() => streams.answer(request, response)),
    upgrade: (request, socket, head) => asked.push(() => shouters.upgrade?.(request, socket, head)),
  })
  const { url, process } = await door(t, [queryApi])
  const stream = await callRaw(url, 'GET /api/stream HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  const peer = new WebSocket(`${url.replace('http', 'ws')}/api/stream/ws`).on('error', () => undefined)
  const closed = new Promise((resolve) => peer.once('close', resolve))
  await until(() => asked.length === 2)
  const stopped = process.server.close()
  await until(() => !process.server.server.listening)
  for (const answer of asked) answer()
  await Promise.all([stopped, closed])
  await until(() => /^retry: \d+$/m.test(stream.said()))
  await until(() => streams.closed === 1 && shouters.peers.size === 0)
})
