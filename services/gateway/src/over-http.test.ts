import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { dataVersionOf, etagOf, Failure } from '@crypto-signals/contracts'
import { loadConfig } from '@crypto-signals/service'
import { until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { openDoor } from '../test/door.ts'
import { json, startReplica, type TestReplica } from '../test/replica.ts'
import { GatewayProcessConfig } from './config.ts'

const V1 = dataVersionOf(1e12, 1)
const V2 = dataVersionOf(2e12, 2)
const ready = (version: string) => ({ ready: true, reasons: [], counts: { coins: 1, signals: 4 }, version })
const page: TestReplica['answer'] = (request, response) => {
  const headers = { etag: etagOf(V1), 'cache-control': 'public, max-age=1' }
  json(response, 200, { url: request.url, meta: { version: V1 } }, headers)
}

const queryApiReplica = (version = V1) => startReplica({ readiness: ready(version), answer: page })
const alertingReplica = () => startReplica({ readiness: { ready: true, reasons: [], counts: { alerts: 3 } } })

t.test('hands on the method, the path as it was written, the body and three headers, and nothing forged', async (t) => {
  const [queryApi, alerting] = [await queryApiReplica(), await alertingReplica()]
  const { ask } = await openDoor(t, [queryApi], [alerting], { env: { TRUST_PROXY: '127.0.0.1' } })
  const forged = {
    'x-forwarded-for': '9.9.9.9',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=9.9.9.9',
    'x-real-ip': '9.9.9.9',
    'x-user-id': 'admin',
    'x-internal-token': '1',
    authorization: 'Bearer x',
    cookie: 'a=b',
    via: '1.1 x',
    'x-http-method-override': 'DELETE',
  }
  const body = '{"a": 1}'
  const given = { 'content-type': 'application/json', accept: 'text/x-any', 'x-request-id': 'mine' }
  await ask('/api/alerts/a%2Fb?x=%20&&y[]=1', { method: 'PATCH', body, headers: { ...forged, ...given } })
  await ask('/api/signals?q=%F0%9F%9A%80', { headers: { ...forged, ...given, 'if-none-match': '"x"' } })
  const host = new URL(alerting.url).host
  const common = {
    'x-request-id': 'mine',
    accept: 'text/x-any',
    'content-type': 'application/json',
    connection: 'keep-alive',
  }
  t.strictSame(alerting.seen, [
    {
      method: 'PATCH',
      url: '/api/alerts/a%2Fb?x=%20&&y[]=1',
      body,
      headers: { ...common, host, 'content-length': '8' },
    },
  ])
  t.strictSame(queryApi.seen, [
    {
      method: 'GET',
      url: '/api/signals?q=%F0%9F%9A%80',
      body: '',
      headers: { ...common, host: new URL(queryApi.url).host },
    },
  ])
})

t.test(
  'hands back the answer with the headers that are meant for the caller, and says its own things once',
  async (t) => {
    const alerting = await alertingReplica()
    const given = { location: '/api/alerts/1', allow: 'GET', 'cache-control': 'no-store', etag: 'W/"x"' }
    const own = {
      'x-request-id': 'theirs',
      server: 'nginx',
      'set-cookie': 'a=b',
      'ratelimit-limit': '1',
      'x-powered-by': 'x',
    }
    alerting.answer = (_request, response) => json(response, 201, { a: 1 }, { ...given, ...own, connection: 'close' })
    const { url } = await openDoor(t, [await queryApiReplica()], [alerting])
    const headers = await new Promise<[IncomingHttpHeaders, string[]]>((resolve) => {
      const asking = request(`${url}/api/alerts`, { method: 'POST', headers: { 'x-request-id': 'mine' } })
      asking.on('response', (answer) => resolve([answer.resume().headers, answer.rawHeaders]))
      asking.end()
    })
    const [named, raw] = headers
    t.match(named, { ...given, 'x-request-id': 'mine', 'ratelimit-limit': '600', connection: 'keep-alive' })
    for (const name of ['server', 'set-cookie', 'x-powered-by']) t.equal(named[name], undefined, name)
    t.equal(raw.filter((name) => name.toLowerCase() === 'x-request-id').length, 1)
  },
)

t.test('answers 304 and HEAD from what is kept, without asking anybody', async (t) => {
  const queryApi = await queryApiReplica()
  const { ask, metrics } = await openDoor(t, [queryApi], [await alertingReplica()])
  const first = await ask('/api/signals')
  t.equal(first.headers['cache-control'], 'public, max-age=1')
  const unchanged = await ask('/api/signals', { headers: { 'if-none-match': String(first.headers.etag) } })
  t.strictSame([unchanged.status, unchanged.text, unchanged.headers.etag], [304, '', first.headers.etag])
  t.equal(unchanged.headers['cache-control'], 'public, max-age=1')
  t.equal((await ask('/api/signals', { headers: { 'if-none-match': 'W/"other"' } })).text, first.text)
  const head = await ask('/api/signals', { method: 'HEAD' })
  t.strictSame([head.status, head.headers['content-length']], [200, String(first.text.length)])
  const fresh = await ask('/api/coins', { headers: { 'if-none-match': etagOf(V1) } })
  t.equal(fresh.status, 304, 'also when it had to ask')
  const older = await ask('/api/coins', { headers: { 'if-none-match': etagOf(V1, 60_000) } })
  t.equal(older.status, 200, 'of the same version, but of another minute')
  const text = await metrics.metrics()
  for (const line of [
    'gateway_cache_requests_total{result="miss"} 2',
    'gateway_upstream_requests_total{target="query-api",outcome="answered"} 2',
    'gateway_upstream_replicas{target="query-api",state="ready"} 1',
    'gateway_upstream_replicas{target="alerting",state="known"} 1',
  ]) {
    t.ok(text.includes(`${line}\n`), line)
  }
})

t.test('gives what is kept of the newest version, whichever of two replicas it came from', async (t) => {
  const answer =
    (version: string): TestReplica['answer'] =>
    (_request, response) =>
      json(response, 200, { meta: { version } }, { etag: etagOf(version), 'cache-control': 'public, max-age=60' })
  const [behind, ahead] = [await queryApiReplica(V1), await queryApiReplica(V2)]
  behind.answer = answer(V1)
  ahead.answer = answer(V2)
  const { ask } = await openDoor(t, [behind, ahead], [await alertingReplica()], {
    env: { RATE_LIMIT_PER_MINUTE: '10000' },
  })
  for (let i = 0; i < 20; i++) {
    const { body, headers } = await ask(`/api/signals?page=${i % 5}`)
    t.equal(headers.etag, etagOf(body.meta.version))
  }
  t.equal(behind.seen.length, 0, 'the one behind was not asked')
  for (let i = 0; i < 5; i++) t.equal((await ask(`/api/signals?page=${i}`)).body.meta.version, V2)
  behind.readiness = ready(V2)
  behind.answer = answer(V2)
  const V3 = dataVersionOf(3e12, 3)
  ahead.answer = answer(V3)
  ahead.readiness = ready(V3)
  await until(async () => (await ask('/readyz')).body.services['query-api'].version === V3)
  for (let i = 0; i < 3; i++) await ask('/api/signals?page=0')
  t.equal((await ask('/api/signals?page=0')).body.meta.version, V3, 'what was kept of the old one is given no more')
})

t.test('tells nothing of what goes wrong behind it, in the shape of all failures', async (t) => {
  const [queryApi, alerting] = [await queryApiReplica(), await alertingReplica()]
  queryApi.answer = (_request, response) => json(response, 500, { message: 'boom', stack: 'at secret.ts:1' })
  alerting.answer = (_request, response) => json(response, 503, { message: 'mongodb://secret' })
  const { ask, lines } = await openDoor(t, [queryApi], [alerting])
  for (const [path, status, code] of [
    ['/api/signals', 500, 'HTTP_INTERNAL'],
    ['/api/alerts', 503, 'HTTP_UNAVAILABLE'],
  ] as const) {
    const answer = await ask(path)
    t.strictSame([answer.status, answer.body.code, answer.headers['cache-control']], [status, code, 'no-store'])
    t.ok(Value.Check(Failure, answer.body))
    t.notMatch(answer.text, /secret|boom/)
    t.match(answer.headers['x-request-id'], /./)
  }
  const told = lines.filter(({ msg }) => msg === 'request failed' || msg === 'unavailable')
  t.match(told, [
    { level: 50, err: { stack: / at / } },
    { level: 20, code: 'HTTP_UNAVAILABLE', url: '/api/alerts' },
  ])
})

t.test('gives a call up when its caller goes away in the middle of it, and logs no failure', async (t) => {
  const [queryApi, alerting] = [await queryApiReplica(), await alertingReplica()]
  const closed: string[] = []
  const stall: TestReplica['answer'] = (request, response) => {
    response.on('close', () => closed.push(String(request.method)))
    response.writeHead(200, { 'content-type': 'application/json' }).write('{')
  }
  queryApi.answer = stall
  alerting.answer = stall
  const { url, lines, process } = await openDoor(t, [queryApi], [alerting])
  const { hostname, port } = new URL(url)
  const send = (text: string) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    return socket
  }
  const texts = [
    'GET /api/signals HTTP/1.1\r\nhost: x\r\n\r\n',
    'POST /api/alerts HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}',
  ]
  for (const [i, text] of texts.entries()) {
    const socket = send(text)
    await until(() => queryApi.seen.length + alerting.seen.length === i + 1)
    socket.destroy()
    await until(() => closed.length === i + 1)
  }
  t.strictSame(closed, ['GET', 'POST'])
  const connections = () => new Promise((resolve) => process.server.server.getConnections((_, count) => resolve(count)))
  const uploading = send('POST /api/alerts HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n{')
  await until(async () => (await connections()) === 1)
  uploading.destroy()
  await until(async () => (await connections()) === 0)
  t.equal(alerting.seen.length, 1, 'and hands on no part of a body')
  t.strictSame(
    lines.filter(({ level }) => level >= 40),
    [],
  )
})

t.test('says that a body is too large before the rest of it has come, and closes the connection', async (t) => {
  const alerting = await alertingReplica()
  alerting.answer = (_request, response) =>
    json(response, 400, { success: false, error: 'The body is not valid JSON', code: 'HTTP_INVALID_BODY' })
  const { url } = await openDoor(t, [await queryApiReplica()], [alerting])
  const { hostname, port } = new URL(url)
  const text = await new Promise<string>((resolve) => {
    let heard = ''
    const socket = connect(Number(port), hostname, () =>
      socket.write('POST /api/alerts HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n{'),
    )
    socket.on('data', (chunk) => {
      heard += chunk
      if (heard.endsWith('}')) resolve(heard)
    })
    t.teardown(() => socket.destroy())
  })
  t.match(text, /^HTTP\/1.1 413 [\s\S]*connection: close[\s\S]*HTTP_BODY_TOO_LARGE/i)
  t.strictSame(
    alerting.seen.map(({ body }) => body),
    ['{'],
    'none of it was handed on',
  )
})

t.test('is ready when a service has a replica, and tells what they hold', async (t) => {
  const [queryApi, alerting] = [await queryApiReplica(), await alertingReplica()]
  await Promise.all([alerting.die(), queryApi.die()])
  const { ask } = await openDoor(t, [queryApi], [alerting])
  t.equal((await ask('/readyz')).status, 503)
  await queryApi.rise()
  await until(async () => (await ask('/readyz')).status === 200)
  t.match((await ask('/api/health')).body, {
    status: 'ERROR',
    reasons: ['alerting is not ready: does not answer', /./],
  })
  t.equal((await ask('/api/alerts')).body.code, 'HTTP_UNAVAILABLE')
  t.equal((await ask('/api/signals')).status, 200, 'what can be answered is')
  await alerting.rise()
  await until(async () => (await ask('/readyz')).body.services.alerting.ready)
  t.match((await ask('/api/health')).body, {
    status: 'WARNING',
    reasons: ['no market source has reported yet'],
    metrics: { coins: 1, signals: 4, alerts: 3, dataVersion: V1 },
    meta: { source: 'live' },
  })
  queryApi.readiness = { ...ready(V1), counts: { coins: 100, signals: 0 }, reasons: ['no coin was scored yet'] }
  await until(async () => (await ask('/api/health')).body.reasons.includes('100 of 100 coins wait for their score'))
  t.pass('and that nothing is scored')
})

t.test('limits what it hands on, and lets pages read it', async (t) => {
  const queryApi = await queryApiReplica()
  const { ask } = await openDoor(t, [queryApi], [await alertingReplica()], { env: { RATE_LIMIT_PER_MINUTE: '2' } })
  const origin = { headers: { origin: 'https://a.example' } }
  const first = await ask('/api/signals', origin)
  t.equal(first.headers['access-control-allow-origin'], '*')
  const preflight = { method: 'OPTIONS', headers: { ...origin.headers, 'access-control-request-method': 'POST' } }
  t.equal((await ask('/api/alerts', preflight)).status, 200)
  const refused = await ask('/api/signals', origin)
  t.equal(refused.status, 429)
  t.match(refused.headers, { 'retry-after': /\d/, 'access-control-allow-origin': '*' })
})

t.test('documents what the services document under their paths, and is known by no other', async (t) => {
  const paths = { '/api/signals': { get: { summary: 'x' } }, '/livez': { get: { summary: 'theirs' } } }
  const queryApi = await startReplica({ readiness: ready(V1), document: { openapi: '3.1.0', paths } })
  const { ask } = await openDoor(t, [queryApi], [await alertingReplica()])
  await until(async () => '/api/signals' in (await ask('/api-docs/json')).body.paths)
  const document = (await ask('/api-docs/json')).body
  t.strictSame(document.paths['/api/signals'], paths['/api/signals'])
  t.not(document.paths['/livez'].get.summary, 'theirs')
  t.strictSame(Object.keys(document.paths), [
    '/livez',
    '/readyz',
    '/metrics',
    '/api/health',
    '/api/sources',
    '/api/market',
    '/api/signals',
  ])
})

t.test('reads addresses that can be ones, and refuses to start on others', async (t) => {
  const read = (text: string) => loadConfig(GatewayProcessConfig, { QUERY_API_URL: text, ALERTING_URL: 'http://a:1' })
  for (const good of ['http://a', 'http://a:3001/', 'http://10.0.0.1:1, http://[::1]:2,http://b.c-d.internal:3']) {
    t.equal(read(good).QUERY_API_URL, good)
  }
  for (const bad of [
    '',
    'a:3001',
    'https://a',
    'http://a/path',
    'http://u:p@a',
    'http://a,',
    'http://a b',
    'ftp://a',
  ]) {
    t.throws(() => read(bad), { name: 'ConfigError' }, bad)
  }
})
