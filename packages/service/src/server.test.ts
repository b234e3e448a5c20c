import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { AlertRequest, Failure, SignalsQuery } from '@crypto-signals/contracts'
import createError from '@fastify/error'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { pino } from 'pino'
import t from 'tap'
import { answerInTime } from './answer-in-time.ts'
import { failures, HTTP_ERRORS, httpError } from './errors.ts'
import { createMetrics } from './metrics.ts'
import { ANSWER_WITHIN_MS, createServer } from './server.ts'

const [ANSWERS, LARGE] = [20, 2 ** 20]

const CoinMissing = createError('QUERY_COIN_NOT_FOUND', 'No such coin', 404)

function serverWith(lines: string[] = [], level = 'info') {
  const metrics = createMetrics()
  const app = createServer({ log: pino({ level }, { write: (line: string) => void lines.push(line) }), metrics })
  app.get(
    '/signals',
    { schema: { querystring: SignalsQuery, response: failures() } },
    async ({ query }) => ({ query }) as never,
  )
  app.get('/coins/:coinId', { schema: { params: Type.Object({ coinId: Type.String() }) } }, async () => {
    throw new CoinMissing()
  })
  app.post('/alerts', { schema: { body: AlertRequest, response: failures() } }, async ({ body }) => ({ body }) as never)
  app.get('/broken', async () => {
    throw new Error('mongodb://user:pass@host failed')
  })
  app.get('/away', async () => {
    throw httpError('HTTP_UNAVAILABLE')
  })
  app.get('/store-away', async () => {
    throw Object.assign(new Error('no answer'), { code: 'STORE_UNAVAILABLE', statusCode: 503 })
  })
  app.get('/late', async () => {
    throw Object.assign(new Error('too long'), { statusCode: 503 })
  })
  app.get('/files/*', (_request, reply) => reply.callNotFound())
  app.get('/large', async () => ({ text: 'x'.repeat(LARGE) }))
  const slow = async () => {
    const end = performance.now() + 501
    while (performance.now() < end);
    return {}
  }
  app.get('/slow', slow)
  app.get('/endless', { config: { endless: true } }, slow)
  return { app, metrics }
}

t.test('takes plain decimals for numbers in a query and coerces nothing else', async (t) => {
  const { app } = serverWith()
  const good = await app.inject('/signals?page=2&limit=10&min_score=0.5&filter=buy')
  t.strictSame(good.json().query, { page: 2, limit: 10, min_score: 0.5, filter: 'buy', sort: 'score' })
  for (const query of [
    'page=0x2',
    'page=1e1',
    'page=%202',
    'page=',
    'page=2.5',
    'page=1&page=2',
    'page[]=1',
    'page=NaN',
    'limit=101',
    'filter=BUY',
    'x=1',
  ]) {
    const answer = await app.inject(`/signals?${query}`)
    t.equal(answer.statusCode, 400, query)
    t.ok(Value.Check(Failure, answer.json()), `${query} is answered in the shape of a failure`)
    t.match(answer.json().details[0].path, /^query\//)
  }
})

t.test('coerces nothing in a body and names each field that is wrong', async (t) => {
  const { app } = serverWith()
  const post = (payload: object) => app.inject({ method: 'POST', url: '/alerts', payload })
  const bad = await post({
    coinId: 'bitcoin',
    alertType: 'price_above',
    settings: { threshold: '5', extra: 1 },
    userId: 7,
  })
  t.equal(bad.statusCode, 400)
  const paths = bad.json().details.map(({ path }: { path: string }) => path)
  t.strictSame(paths.sort(), ['body/settings/extra', 'body/settings/threshold', 'body/userId'])
  t.equal((await post({ coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 5 } })).statusCode, 200)
})

t.test('answers what cannot be parsed or read with a 4xx of its own', async (t) => {
  const { app } = serverWith()
  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/alerts', payload, headers: { 'content-type': type } })
  const codeOf = async (answer: ReturnType<typeof post>) => (await answer).json().code
  t.equal(await codeOf(post('{"coinId":')), 'HTTP_INVALID_BODY')
  t.equal(await codeOf(post('{"__proto__":{"x":1}}')), 'HTTP_INVALID_BODY')
  t.equal(await codeOf(post('')), 'HTTP_INVALID_BODY')
  t.equal(await codeOf(post('<a/>', 'application/xml')), 'HTTP_UNSUPPORTED_MEDIA_TYPE')
  t.equal(await codeOf(post(`"${'x'.repeat(70_000)}"`)), 'HTTP_BODY_TOO_LARGE')
  t.equal((await app.inject('/%zz')).json().code, 'HTTP_INVALID_REQUEST')
  t.equal((await app.inject(`/coins/${'x'.repeat(1_153)}`)).json().code, 'HTTP_URL_TOO_LONG')
  const longest = `/coins/${encodeURIComponent('猫'.repeat(128))}`
  t.equal(
    (await app.inject(longest)).json().code,
    'QUERY_COIN_NOT_FOUND',
    'an id of as many characters as one may have',
  )
})

t.test('tells a wrong method from an unknown path', async (t) => {
  const { app } = serverWith()
  const wrong = await app.inject({ method: 'DELETE', url: '/coins/bitcoin?x=1' })
  t.equal(wrong.statusCode, 405)
  t.equal(wrong.headers.allow, 'GET, HEAD')
  t.equal((await app.inject('/nowhere')).statusCode, 404)
  t.ok((await app.inject('/nowhere')).json().details.length > 0)
})

t.test('answers 404 when the path takes the method but holds nothing', async (t) => {
  const { app } = serverWith()
  for (const method of ['GET', 'HEAD'] as const) {
    const answer = await app.inject({ method, url: '/files/none.js' })
    t.equal(answer.statusCode, 404, method)
    t.equal(answer.headers.allow, undefined)
  }
  t.equal((await app.inject({ method: 'DELETE', url: '/files/none.js' })).statusCode, 405)
})

t.test('tells a wrong method from an unknown path before it looks at the body', async (t) => {
  const { app } = serverWith()
  const ask = (method: string, url: string, headers = {}, payload = '') =>
    app.inject({ method: method as 'POST', url, headers, payload })
  for (const method of ['QUERY', 'PROPFIND', 'TRACE', 'PUT']) {
    const answer = await ask(method, '/signals?page=x')
    t.equal(answer.statusCode, 405, method)
    t.equal(answer.headers.allow, 'GET, HEAD')
    t.equal(answer.json().code, 'HTTP_METHOD_NOT_ALLOWED')
    t.equal((await ask(method, '/nowhere')).statusCode, 404)
  }
  t.equal((await ask('POST', '/signals', { 'content-type': 'application/xml' }, '<a/>')).statusCode, 405)
})

t.test('treats a URL that cannot be read as any other request: hooks, request id, metrics', async (t) => {
  const { app, metrics } = serverWith()
  const seen: string[] = []
  app.addHook('onRequest', async (request) => void seen.push(request.originalUrl))
  const urls = ['/%zz', '/coins/%E0%A4%A?x=1', `/coins/${'x'.repeat(1_200)}`]
  for (const url of urls) {
    const answer = await app.inject(url)
    t.ok(answer.statusCode === 400 || answer.statusCode === 414)
    t.ok(answer.headers['x-request-id'])
    t.ok(Value.Check(Failure, answer.json()))
  }
  t.strictSame(seen, urls)
  t.match(await metrics.metrics(), /http_requests_total\{[^}]*status_code="400"\} 2/)
  t.equal((await app.inject('/signals?filter=%zz')).statusCode, 400, 'a query is checked by its schema')
  t.equal((await app.inject('/coins/%C3%BC')).json().code, 'QUERY_COIN_NOT_FOUND')
})

t.test('asks callers to come back elsewhere while it drains, and still answers them', async (t) => {
  const { app } = serverWith()
  t.equal((await app.inject('/signals')).headers.connection, 'keep-alive')
  app.draining = true
  const answer = await app.inject('/signals')
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers.connection, 'close')
})

t.test('answers what comes while the port closes, and refuses in its own words what would last', async (t) => {
  const { app } = serverWith()
  const answered = Promise.withResolvers<void>()
  app.get('/waiting', async () => {
    await answered.promise
    return {}
  })
  app.get('/stream', { config: { endless: true } }, () => ({}))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const begin = async () => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    const [caller, came] = [{ said: '', gone: once(socket, 'close') }, once(app.server, 'request')]
    socket.on('data', (chunk) => (caller.said += chunk))
    const ask = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    ask('/waiting')
    await came
    return { caller, ask }
  }
  const [plain, lasting] = [await begin(), await begin()]
  const closed = app.close()
  const came = once(app.server, 'request').then(() => once(app.server, 'request'))
  plain.ask('/signals')
  lasting.ask('/stream')
  await came
  answered.resolve()
  await Promise.all([closed, plain.caller.gone, lasting.caller.gone])
  t.match(plain.caller.said, /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 200 [\s\S]*\r\nconnection: close\r\n/i)
  t.match(lasting.caller.said, /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 503 [\s\S]*\r\nretry-after: 1\r\n/)
  t.match(lasting.caller.said, /"code":"HTTP_UNAVAILABLE"/)
})

t.test('logs what went wrong inside and never tells it', async (t) => {
  const lines: string[] = []
  const { app } = serverWith(lines)
  const answer = await app.inject('/broken')
  t.equal(answer.statusCode, 500)
  t.strictSame(answer.json(), { success: false, error: HTTP_ERRORS.HTTP_INTERNAL.error, code: 'HTTP_INTERNAL' })
  t.match(lines.join(''), /mongodb:\/\/user:pass@host failed/)
})

t.test('lets nobody fill the log by asking for what is away, and tells a 503 that nobody meant', async (t) => {
  const [lines, debug]: [string[], string[]] = [[], []]
  const [{ app }, { app: detailed }] = [serverWith(lines), serverWith(debug, 'debug')]
  for (const url of ['/away', '/store-away']) {
    for (const one of [app, detailed]) t.equal((await one.inject(url)).json().code, 'HTTP_UNAVAILABLE')
  }
  t.strictSame(lines, [])
  const told = debug.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'unavailable')
  t.match(told, [
    { level: 20, code: 'HTTP_UNAVAILABLE', url: '/away' },
    { level: 20, code: 'STORE_UNAVAILABLE', reason: 'no answer', url: '/store-away' },
  ])
  t.notMatch(debug.join(''), /stack/)
  await app.inject('/late')
  t.match(JSON.parse(lines.join('')), { level: 50, err: { stack: / at / } })
})

t.test("keeps a service's own error with its code and status", async (t) => {
  const { app } = serverWith()
  const answer = await app.inject('/coins/none')
  t.equal(answer.statusCode, 404)
  t.match(answer.json(), { success: false, code: 'QUERY_COIN_NOT_FOUND', error: 'No such coin' })
})

t.test('echoes a harmless request id and replaces any other', async (t) => {
  const { app } = serverWith()
  const idOf = async (given: string) =>
    (await app.inject({ url: '/signals', headers: { 'x-request-id': given } })).headers['x-request-id']
  t.equal(await idOf('abc-123'), 'abc-123')
  for (const given of ['a b', 'x'.repeat(65), '<script>', 'a\tb']) t.not(await idOf(given), given)
})

t.test('warns of a slow request with its id and stays quiet about a fast one', async (t) => {
  const lines: string[] = []
  const { app } = serverWith(lines)
  await app.inject('/signals')
  t.equal(lines.length, 0)
  await app.inject({ url: '/slow', headers: { 'x-request-id': 'slow-1' } })
  t.match(JSON.parse(lines[0] ?? '{}'), { level: 40, msg: 'slow request', reqId: 'slow-1', url: '/slow', status: 200 })
})

t.test('counts and times answers by route pattern, never by URL', async (t) => {
  const { app, metrics } = serverWith()
  await app.inject('/coins/bitcoin')
  await app.inject('/coins/ethereum')
  await app.inject('/broken')
  const text = await metrics.metrics()
  t.match(text, /http_requests_total\{method="GET",route="\/coins\/:coinId",status_code="404"\} 2/)
  t.match(text, /http_request_duration_seconds_count\{method="GET",route="\/coins\/:coinId",status_code="404"\} 2/)
  t.match(text, /http_request_errors_total\{method="GET",route="\/broken",status_code="500"\} 1/)
  t.notMatch(text, /bitcoin/)
})

t.test('counts what lasts for as long as its caller stays, and neither times it nor calls it slow', async (t) => {
  const lines: string[] = []
  const { app, metrics } = serverWith(lines)
  await app.inject('/endless')
  t.strictSame(lines, [])
  const text = await metrics.metrics()
  t.match(text, /http_requests_total\{method="GET",route="\/endless",status_code="200"\} 1/)
  t.notMatch(text, /http_request_duration_seconds_count\{method="GET",route="\/endless",status_code="200"\} 1/)
})

t.test('answers on the socket what is no HTTP at all', async (t) => {
  const { app } = serverWith()
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  t.match(await answerTo('NOT HTTP\r\n\r\n', port), /^HTTP\/1.1 400 [\s\S]*"code":"HTTP_INVALID_REQUEST"/)
  t.match(
    await answerTo(`GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`, port),
    /^HTTP\/1.1 431 [\s\S]*"success":false/,
  )
})

t.test('a body that does not come is no fault of ours: it is refused, and the connection closed', async (t) => {
  const lines: string[] = []
  const { app } = serverWith(lines)
  answerInTime(app, 50)
  app.post('/patient', async () => new Promise(() => undefined))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const head = 'POST /patient HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n'
  const refused = await answerTo(`${head}\r\n{`, port)
  t.match(refused, /^HTTP\/1.1 408 [\s\S]*connection: close[\s\S]*"code":"HTTP_TIMEOUT","details":\[\{"path":"body"/)
  const errors = () => lines.map((line) => JSON.parse(line)).filter(({ level }) => level > 30)
  t.strictSame(errors(), [])
  t.match(await answerTo(`${head}Connection: close\r\n\r\n{}`, port), /^HTTP\/1.1 503 /, 'one that came is ours')
  t.match(errors(), [{ level: 50 }])
})

t.test(
  'an answer that may take as long as its caller reads has to begin in time, and is not cut off after that',
  async (t) => {
    const { app } = serverWith()
    const endless = { config: { endless: true } }
    const limitMs = 50
    answerInTime(app, limitMs)
    app.get('/silent', endless, () => new Promise(() => undefined))
    app.get('/going-on', endless, async (_request, reply) => {
      const stream = new PassThrough()
      stream.write('begun, ')
      setTimeout(() => stream.end('and ended'), 4 * limitMs)
      return reply.send(stream)
    })
    const late = await app.inject('/silent')
    t.strictSame([late.statusCode, late.json().code], [503, 'HTTP_UNAVAILABLE'])
    t.equal((await app.inject('/going-on')).body, 'begun, and ended')
    // What a server does by itself, before a silent connection is dropped.
    t.ok(app.server.timeout > ANSWER_WITHIN_MS)
  },
)

t.test('drops a client that asks and never reads, soon, and keeps one that reads slowly', async (t) => {
  const { app } = serverWith()
  // Node looks once in a timeout whether anything went out, and drops at the first look that finds nothing.
  t.ok(2 * app.server.timeout <= 35_000)
  t.ok(app.server.timeout > app.server.requestTimeout, 'a request has its time to arrive')
  app.server.timeout = 1_000
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const asked = async () => {
    const arrived = once(app.server, 'connection')
    const client = connect(port, '127.0.0.1').on('error', () => undefined)
    t.teardown(() => client.destroy())
    client.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(ANSWERS))
    const [socket] = (await arrived) as [Socket]
    return { client, closed: once(socket, 'close') }
  }
  const mute = await asked()
  const dripping = await asked()
  app.server.headersTimeout = 500
  const drip = setInterval(() => dripping.client.write('G'), 100)
  t.teardown(() => clearInterval(drip))
  const slow = await asked()
  let received = 0
  for await (const chunk of slow.client) {
    received += chunk.length
    if (received > ANSWERS * LARGE) break
    await sleep(10)
  }
  t.ok(received > ANSWERS * LARGE, 'the slow one got all its answers')
  await mute.closed
  await dripping.closed
  t.pass('the mute one is gone, and so is the one that goes on sending a byte at a time')
})

/** All that is said on a connection on which this was. */
function answerTo(text: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket
      .on('data', (chunk) => (answer += chunk))
      .on('close', () => resolve(answer))
      .on('error', reject)
  })
}
