import { once } from 'node:events'
import { etagOf, Failure } from '@crypto-signals/contracts'
import { FakeClock, until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { limitsBy } from '../test/limits-by.ts'
import { door, replica, V1 } from '../test/live-door.ts'
import { json, type TestReplica } from '../test/replica.ts'
import { callRaw, createStreams, listen, settled } from '../test/streaming.ts'

t.test('hands each message of a stream on as it comes, with what the caller may say and nothing forged', async (t) => {
  const streams = createStreams()
  const { url } = await door(t, [await replica({ answer: streams.answer })], { TRUST_PROXY: '127.0.0.1' })
  const forged = {
    'x-forwarded-for': '9.9.9.9',
    cookie: 'a=b',
    authorization: 'x',
    via: 'x',
    te: 'trailers',
    'x-user': '1',
  }
  const given = { accept: 'text/event-stream', 'last-event-id': V1, 'x-request-id': 'mine' }
  const stream = await listen(`${url}/api/stream?coins=a%20b&x=1`, {
    headers: { ...forged, ...given, origin: 'https://a.example', 'accept-encoding': 'identity' },
  })
  await until(() => stream.said() === 'event: hello\ndata: {}\n\n')
  const [{ response, ...asked } = t.fail('nobody was asked')] = streams.asked as any
  t.equal(asked.url, '/api/stream?coins=a%20b&x=1')
  const { host: _, ...told } = asked.headers
  t.strictSame(told, { ...given, 'accept-encoding': 'identity', connection: 'close' })
  response.write('data: 1\n\n')
  await until(() => stream.said().endsWith('data: 1\n\n'))
  t.match(Object.fromEntries(stream.answer.headers), {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': 'mine',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
    'ratelimit-policy': /q=100000/,
  })
  t.match(stream.answer.headers.get('access-control-expose-headers'), /x-data-version, x-market-source/)
  response.end('data: 2\n\n')
  t.equal(await stream.reading, 'ended')
  t.ok(stream.said().endsWith('data: 2\n\n'))
})

t.test('lets pages send the version that they go on from', async (t) => {
  const { ask } = await door(t, [await replica()])
  const headers = {
    origin: 'https://a.example',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'last-event-id',
  }
  const granted = await ask('/api/stream', { method: 'OPTIONS', headers })
  t.strictSame([granted.status, granted.headers['access-control-allow-headers']], [200, 'last-event-id'])
})

t.test('gives a stream up when its caller goes, and breaks it off when the replica dies', async (t) => {
  const streams = createStreams()
  const dying = await replica({ answer: streams.answer })
  const { url, gauge, lines } = await door(t, [dying])
  const [leaving, staying] = [await listen(`${url}/api/stream`), await listen(`${url}/api/stream`)]
  await until(() => streams.asked.length === 2)
  t.equal(await gauge('sse'), 2)
  leaving.leave()
  await until(() => streams.closed === 1)
  await until(async () => (await gauge('sse')) === 1)
  t.notOk(staying.over(), 'nobody else notices')
  await dying.die()
  t.equal(await staying.reading, 'broken')
  await until(async () => (await gauge('sse')) === 0)
  t.strictSame(
    lines.filter(({ msg }) => msg === 'request failed' || msg === 'slow request'),
    [],
  )
})

t.test('asks another replica while nothing was told yet, and the one with the fewest streams first', async (t) => {
  const [one, two] = [createStreams(), createStreams()]
  const [first, second] = [await replica({ answer: one.answer }), await replica({ answer: two.answer })]
  const { url, ask } = await door(t, [first, second])
  const streams = await Promise.all(Array.from({ length: 6 }, () => listen(`${url}/api/stream`)))
  t.strictSame([one.asked.length, two.asked.length], [3, 3])
  for (const { response } of two.asked) response.end()
  await until(() => streams.filter(({ over }) => over()).length === 3)
  await listen(`${url}/api/stream`)
  await listen(`${url}/api/stream`)
  t.strictSame([one.asked.length, two.asked.length], [3, 5])
  for (const fault of ['full', 'dead'] as const) {
    if (fault === 'full') second.answer = (_request, response) => json(response, 503, { success: false })
    else await second.die()
    const moved = await listen(`${url}/api/stream`)
    t.equal(moved.answer.status, 200, fault)
    await until(() => moved.said() !== '')
  }
  await first.die()
  const refused = await ask('/api/stream')
  t.strictSame([refused.status, refused.body.code], [503, 'HTTP_UNAVAILABLE'])
  t.ok(Value.Check(Failure, refused.body))
})

t.test('hands on what a service refuses, and nothing that is no answer of ours', async (t) => {
  const failure = {
    success: false,
    error: 'x',
    code: 'HTTP_INVALID_REQUEST',
    details: [{ path: 'query/x', message: 'y' }],
  }
  const answers: [TestReplica['answer'], number, string][] = [
    [(_request, response) => json(response, 400, failure), 400, 'HTTP_INVALID_REQUEST'],
    [(_request, response) => json(response, 500, { message: 'secret' }), 500, 'HTTP_INTERNAL'],
    [
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('secret'),
      503,
      'HTTP_UNAVAILABLE',
    ],
    [
      (_request, response) => response.writeHead(400, { 'content-type': 'text/html' }).end('secret'),
      503,
      'HTTP_UNAVAILABLE',
    ],
    [(_request, response) => json(response, 400, { long: 'secret'.repeat(20_000) }), 503, 'HTTP_UNAVAILABLE'],
    [
      ({ socket }) => socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      503,
      'HTTP_UNAVAILABLE',
    ],
    [({ socket }) => socket.end('garbage\r\n\r\n'), 503, 'HTTP_UNAVAILABLE'],
  ]
  for (const [answer, status, code] of answers) {
    const { ask, gauge } = await door(t, [await replica({ answer })])
    const told = await ask('/api/stream?x')
    t.strictSame([told.status, told.body.code], [status, code])
    t.notMatch(told.text, /secret/)
    await until(async () => (await gauge('sse')) === 0)
  }
})

t.test('holds no more of a stream than its buffers while its caller does not read, and loses none of it', async (t) => {
  const [chunk, chunks] = [Buffer.alloc(2 ** 16, 'x'), 1_000]
  let sent = 0
  const answer: TestReplica['answer'] = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (; sent < chunks; sent++) {
      if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve))
    }
    response.end('END')
  }
  const { url, sockets } = await door(t, [await replica({ answer })])
  const caller = await callRaw(url, 'GET /api/stream HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  const closed = once(caller.socket, 'close')
  caller.socket.pause()
  await until(() => sent > 0)
  await settled(() => sent)
  t.ok(sent < chunks, 'the replica has to wait')
  const held = [...sockets].map(({ writableLength }) => writableLength)
  t.ok(Math.max(...held) < 2 ** 18, `${Math.max(...held)} bytes are held for him`)
  caller.socket.resume()
  await closed
  const [, body = ''] = caller.said().split('\r\n\r\n')
  t.equal(body.split('x').length - 1, chunk.length * chunks)
  t.match(caller.said().slice(-20), /END\r\n0\r\n\r\n$/)
})

t.test('hands a whole market on as it was made, and breaks off one that is not whole', async (t) => {
  const made = { 'x-data-version': V1, 'x-market-source': 'live', etag: etagOf(V1), vary: 'accept-encoding' }
  const answer: TestReplica['answer'] = (request, response) => {
    if (request.headers['if-none-match'] === etagOf(V1)) return response.writeHead(304, made).end()
    const head = { ...made, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip', server: 'theirs' }
    response.writeHead(200, head)
    return response.write('one', () =>
      request.url?.includes('breaks') ? request.socket.destroy() : response.end('two'),
    )
  }
  const { url, process } = await door(t, [await replica({ answer })], { CORS_ORIGINS: 'https://a.example' })
  const caller = async (path: string, more = '') => {
    const call = await callRaw(url, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${more}\r\n`)
    await new Promise((resolve) => call.socket.once('close', resolve))
    return call.said()
  }
  const whole = await caller('/api/export.ndjson', 'origin: https://a.example\r\n')
  t.match(whole, /^HTTP\/1.1 200 /)
  for (const [name, value] of Object.entries({
    ...made,
    vary: 'Origin, accept-encoding',
    'content-encoding': 'gzip',
  })) {
    t.ok(whole.toLowerCase().includes(`${name}: ${value}\r\n`.toLowerCase()), name)
  }
  t.notMatch(whole, /theirs/)
  t.match(whole, /3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/)
  const cut = await caller('/api/export.csv?breaks')
  t.match(cut, /one/)
  t.notMatch(cut, /0\r\n\r\n$/, 'whoever reads it can tell')
  const known = await caller('/api/export.ndjson', `if-none-match: ${etagOf(V1)}\r\n`)
  t.match(known, /^HTTP\/1.1 304 [\s\S]*x-data-version: /)
  const head = await fetch(`${url}/api/export.ndjson`, { method: 'HEAD' })
  t.strictSame([head.status, head.headers.get('x-data-version'), await head.text()], [200, V1, ''])
  t.equal((await fetch(`${url}/api/export.ndjson`, { method: 'POST' })).headers.get('allow'), 'GET, HEAD')
  t.equal(process.server.server.listening, true)
})

t.test(
  'waits longer for a whole market than for a stream, and neither repeats nor blames one that is late',
  async (t) => {
    const limits = new FakeClock()
    const replicas = [await replica({ answer: () => undefined }), await replica({ answer: () => undefined })] as const
    const { ask } = await door(t, [...replicas], {}, limitsBy(limits))
    const seen = () => replicas.map((one) => one.seen.length).toSorted((a, b) => a - b)
    const stream = ask('/api/stream')
    await until(() => seen().join() === '0,1')
    await limits.advance(4_000)
    await until(() => seen().join() === '1,1')
    await limits.advance(4_000)
    t.equal((await stream).status, 503)
    const looks = replicas.map((one) => one.looks)
    await until(() => replicas.every((one, i) => one.looks > (looks[i] ?? 0) + 1))

    let isOver = false
    const market = ask('/api/export.csv').finally(() => (isOver = true))
    await until(() => seen().join() === '1,2')
    await limits.advance(8_999)
    await settled(() => seen().length)
    t.notOk(isOver)
    await limits.advance(1)
    const { status, body } = await market
    t.strictSame([status, body.code, seen()], [503, 'HTTP_UNAVAILABLE', [1, 2]])
    for (const one of replicas) one.answer = (_request, response) => json(response, 200, {})
    for (let i = 0; i < 4; i++) await ask(`/api/coins?page=${i}`)
    t.strictSame(seen(), [3, 4], 'each is as good as before')
  },
)

t.test('counts a stream as one request', async (t) => {
  const streams = createStreams()
  const { url, ask } = await door(t, [await replica({ answer: streams.answer })], { RATE_LIMIT_PER_MINUTE: '2' })
  const stream = await listen(`${url}/api/stream`)
  for (let i = 0; i < 20; i++) streams.asked[0]?.response.write('data: 1\n\n')
  await until(() => stream.said().split('data: 1').length === 21)
  t.equal((await ask('/livez')).status, 200)
  t.equal((await ask('/api/sources')).headers.ratelimit?.split(';')[1], 'r=0')
  t.equal((await ask('/api/stream')).status, 429)
})

t.test('documents what it hands on as the service does', async (t) => {
  const summary = { get: { summary: 'x' } }
  const paths = { '/api/stream': summary, '/api/export.csv': summary, '/api/export.ndjson': summary, '/livez': summary }
  const { ask } = await door(t, [await replica({ document: { openapi: '3.1.0', paths } })])
  await until(async () => '/api/stream' in (await ask('/api-docs/json')).body.paths)
  const document = (await ask('/api-docs/json')).body
  for (const path of ['/api/stream', '/api/export.csv', '/api/export.ndjson'])
    t.strictSame(document.paths[path], summary)
  t.not(document.paths['/livez'].get.summary, 'x')
})

t.test('lets an address have so many whole markets at a time, and a new one when it has one of them', async (t) => {
  const held: (() => void)[] = []
  const slow = await replica({
    answer(_request, response) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{}\n')
      held.push(() => response.end())
    },
  })
  const { url, ask } = await door(t, [slow], { TRUST_PROXY: '127.0.0.1' })
  const markets = await Promise.all(Array.from({ length: 16 }, () => listen(`${url}/api/export.ndjson`)))
  const refused = await ask('/api/export.csv')
  t.strictSame([refused.status, refused.body.code, refused.headers['retry-after']], [429, 'HTTP_RATE_LIMITED', '10'])
  const other = await listen(`${url}/api/export.csv`, { headers: { 'x-forwarded-for': '192.0.2.1' } })
  t.equal(other.answer.status, 200, 'another address has its own')
  t.equal((await listen(`${url}/api/stream`)).answer.status, 200, 'nor are streams among them')
  held[0]?.()
  await until(async () => (await listen(`${url}/api/export.csv`)).answer.status === 200)
  t.ok(markets.every(({ answer }) => answer.status === 200))
  for (const end of held) end()
})
