import { Failure, Health, type SourceStatus } from '@crypto-signals/contracts'
import type { Readiness } from '@crypto-signals/service'
import { until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { gateway, READY, statusOf } from '../test/gateway.ts'
import type { GatewayConfig } from './config.ts'

t.test('limits each address, says what is left, and answers 429 with Retry-After beyond', async (t) => {
  const { app, clock } = await gateway(t, { RATE_LIMIT_PER_MINUTE: 2 })
  const first = await app.inject('/api/things')
  t.equal(first.headers['ratelimit-policy'], '"default";q=2;w=60')
  t.equal(first.headers.ratelimit, '"default";r=1;t=60')
  t.equal((await app.inject('/unknown')).statusCode, 404, 'unknown paths count too')
  await clock.advance(15_000)
  const third = await app.inject('/api/things')
  t.equal(third.statusCode, 429)
  t.equal(third.headers['retry-after'], '45')
  t.equal(third.headers.ratelimit, '"default";r=0;t=45')
  t.ok(Value.Check(Failure, third.json()))
  t.equal(third.json().code, 'HTTP_RATE_LIMITED')
  t.equal(
    (await app.inject({ url: '/api/things', remoteAddress: '10.0.0.9' })).statusCode,
    200,
    'others are not held back',
  )
  t.equal((await app.inject('/livez')).statusCode, 200, 'and probes never are')
  await clock.advance(45_000)
  t.equal((await app.inject('/api/things')).statusCode, 200)
})

t.test('counts what cannot be read and what is asked before a page may ask', async (t) => {
  const preflight = {
    method: 'OPTIONS' as const,
    url: '/api/things',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'DELETE' },
  }
  for (const request of ['/%zz', `/${'x'.repeat(1_200)}`, preflight]) {
    const { app } = await gateway(t, { RATE_LIMIT_PER_MINUTE: 1 })
    const first = await app.inject(request)
    t.not(first.statusCode, 429)
    t.equal(first.headers.ratelimit, '"default";r=0;t=60')
    const second = await app.inject(request)
    t.equal(second.statusCode, 429)
    t.equal(second.headers['retry-after'], '60')
  }
  const { app } = await gateway(t)
  const granted = await app.inject(preflight)
  t.equal(granted.statusCode, 200)
  t.equal(granted.body, '')
  t.equal(granted.headers['access-control-allow-origin'], '*')
  t.equal(granted.headers['access-control-allow-methods'], 'GET, HEAD')
})

t.test('lets a page read that it asked too often', async (t) => {
  const { app } = await gateway(t, { RATE_LIMIT_PER_MINUTE: 1 })
  const ask = () => app.inject({ url: '/api/things', headers: { origin: 'https://a.example' } })
  await ask()
  const refused = await ask()
  t.equal(refused.statusCode, 429)
  t.equal(refused.headers['access-control-allow-origin'], '*')
})

t.test('believes X-Forwarded-For only from proxies it was told of', async (t) => {
  const forged = { url: '/api/things', headers: { 'x-forwarded-for': '9.9.9.9' } }
  const { app: plain } = await gateway(t, { RATE_LIMIT_PER_MINUTE: 1 })
  await plain.inject('/api/things')
  t.equal((await plain.inject(forged)).statusCode, 429, 'a forged address buys no second budget')
  const { app: proxied } = await gateway(t, { RATE_LIMIT_PER_MINUTE: 1, TRUST_PROXY: '127.0.0.1' })
  await proxied.inject('/api/things')
  t.equal((await proxied.inject(forged)).statusCode, 200)
})

t.test('is healthy when its engines answer, its services are ready and its data are fresh', async (t) => {
  const { app, store, clock } = await gateway(t)
  await store.sources.saveStatus(statusOf(clock))
  const answer = await app.inject('/api/health')
  t.equal(answer.statusCode, 200)
  t.strictSame([...Value.Errors(Health, answer.json())], [])
  t.match(answer.json(), {
    status: 'OK',
    reasons: [],
    version: '1.2.3',
    metrics: { coins: 2, signals: 8, dataVersion: 'v-1' },
  })
  t.equal(answer.headers['cache-control'], 'no-store')
})

t.test('answers 503 with the reasons whenever all is not well', async (t) => {
  const ask = async (status: Partial<SourceStatus> | null, readiness = async () => READY) => {
    const { app, store, clock } = await gateway(t, {}, { readiness })
    if (status !== null) await store.sources.saveStatus(statusOf(clock, status))
    const answer = await app.inject('/api/health')
    t.equal(answer.statusCode, 503)
    t.ok(Value.Check(Health, answer.json()))
    return answer.json()
  }
  t.match(await ask(null), { status: 'WARNING', reasons: ['no market source has reported yet'] })
  t.match(await ask({ state: 'failing', lastError: 'HTTP 401' }), {
    status: 'WARNING',
    reasons: ['coingecko is failing: HTTP 401'],
  })
  t.match(await ask({ sweptAt: null }), { status: 'WARNING', reasons: ['coingecko: first sweep, 1 of 1 chunks'] })
  t.match(await ask({ nextSweepAt: '2025-12-31T00:00:00.000Z' }), { status: 'WARNING', reasons: [/late/] })
  const behind = async () => ({ ...READY, counts: { coins: 1000, signals: 3900 } })
  t.match(await ask({}, behind), { status: 'WARNING', reasons: ['25 of 1000 coins wait for their score'] })
  const notReady = async () => ({ ...READY, ready: false, reasons: ['nothing scored yet'] })
  t.match(await ask({}, notReady), { status: 'ERROR', reasons: [/query-api is not ready: nothing scored yet/] })
  const lost = async (): Promise<Readiness> => Promise.reject(new Error('mongodb://secret'))
  const answer = await ask({}, lost)
  t.match(answer, { status: 'ERROR', reasons: ['query-api is not ready: does not answer'] })
  t.notMatch(JSON.stringify(answer), /secret/)
})

t.test('is ready when its upstreams are and there are data, or somebody to bring them', async (t) => {
  const lost: Readiness = { ready: false, reasons: ['no quotes yet'], counts: {} }
  const empty: Readiness = { ...READY, counts: { coins: 0, signals: 0 } }
  const ask = async (upstream: Readiness, ingestion: Readiness) => {
    const feeders = [{ name: 'ingestion', readiness: async () => ingestion }]
    const { app, store, clock } = await gateway(t, {}, { readiness: async () => upstream, feeders })
    await store.sources.saveStatus(statusOf(clock))
    const [readyz, health] = [await app.inject('/readyz'), (await app.inject('/api/health')).json()]
    t.match(readyz.json().services, { 'query-api': upstream, ingestion })
    return { readyz: readyz.statusCode, status: health.status, reasons: health.reasons }
  }
  const all = { ready: true, reasons: [], counts: {} }
  t.strictSame(await ask(READY, all), { readyz: 200, status: 'OK', reasons: [] })
  const ingestion = 'ingestion is not ready: no quotes yet'
  t.strictSame(await ask(READY, lost), { readyz: 200, status: 'WARNING', reasons: [ingestion] })
  t.strictSame(await ask(empty, lost), { readyz: 503, status: 'ERROR', reasons: [ingestion] })
  t.match(await ask({ ...READY, ready: false }, all), { readyz: 503, status: 'ERROR' })
  t.strictSame(await ask(READY, { ...all, reasons: ['coingecko: HTTP 401'] }), {
    readyz: 200,
    status: 'WARNING',
    reasons: ['ingestion: coingecko: HTTP 401'],
  })
  const silent = async (): Promise<Readiness> => Promise.reject(new Error('gone'))
  const { app } = await gateway(t, {}, { readiness: silent })
  t.equal((await app.inject('/readyz')).statusCode, 503, 'one that does not answer is not ready')
})

t.test('is not ready while it drains, although it still answers', async (t) => {
  const { app } = await gateway(t)
  app.draining = true
  const answer = await app.inject('/readyz')
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers.connection, 'close')
  t.equal((await app.inject('/api/things')).statusCode, 200)
})

t.test('reports an engine that is gone as an error, in time', async (t) => {
  const { app, store, clock, bus } = await gateway(t)
  await store.sources.saveStatus(statusOf(clock))
  await bus[Symbol.asyncDispose]()
  t.match((await app.inject('/api/health')).json(), {
    status: 'ERROR',
    bus: { status: 'ERROR' },
    reasons: ['bus does not answer'],
  })
})

t.test('reports an engine that hangs as an error after 2 s', async (t) => {
  const { app, store, clock, bus } = await gateway(t)
  await store.sources.saveStatus(statusOf(clock))
  bus.ping = () => new Promise(() => undefined)
  const before = clock.sleeping
  const asked = app.inject('/api/health')
  await until(() => clock.sleeping > before)
  await clock.advance(2_000)
  t.match((await asked).json(), { status: 'ERROR', bus: { status: 'ERROR', latencyMs: null } })
})

t.test('does not wait for a database that hangs, and invents no reason for what it did not tell', async (t) => {
  const { app, store, clock } = await gateway(t)
  store.ping = () => new Promise(() => undefined)
  store.sources.statuses = () => new Promise(() => undefined)
  const before = clock.sleeping
  const asked = app.inject('/api/health')
  await until(() => clock.sleeping > before + 1)
  await clock.advance(2_000)
  t.match((await asked).json(), { status: 'ERROR', reasons: ['database does not answer'], sources: [] })
})

t.test(
  'serves /metrics to loopback alone unless told otherwise, nor to a proxy or a page on this machine',
  async (t) => {
    const { app } = await gateway(t)
    t.match((await app.inject('/metrics')).body, /process_cpu_seconds_total/)
    t.equal((await app.inject({ url: '/metrics', remoteAddress: '10.1.2.3' })).statusCode, 403)
    t.equal((await app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '10.1.2.3' } })).statusCode, 403)
    const page = { url: '/metrics', headers: { origin: 'https://a.example' } }
    t.equal((await app.inject(page)).statusCode, 403)
    t.equal((await app.inject(page)).headers['access-control-allow-origin'], undefined)
    const { app: open } = await gateway(t, { METRICS_PUBLIC: true })
    t.equal((await open.inject(page)).statusCode, 200)
    t.equal((await open.inject(page)).headers['access-control-allow-origin'], undefined)
    t.equal((await open.inject({ url: '/metrics', remoteAddress: '10.1.2.3' })).statusCode, 200)
  },
)

t.test('documents every public route with its answers in OpenAPI 3.1, and serves a page to try them', async (t) => {
  const { app } = await gateway(t, { API_URL: 'https://signals.example' })
  const document = (await app.inject('/api-docs/json')).json()
  t.match(document, { openapi: '3.1.0', servers: [{ url: 'https://signals.example' }], info: { version: '1.2.3' } })
  t.strictSame(Object.keys(document.paths).sort(), [
    '/api/health',
    '/api/market',
    '/api/sources',
    '/api/things',
    '/livez',
    '/metrics',
    '/readyz',
  ])
  for (const path of Object.values<Record<string, { responses: object }>>(document.paths)) {
    for (const { responses } of Object.values(path)) {
      t.strictSame(
        Object.keys(responses).filter((status) => ['200', '400', '429', '500', '503'].includes(status)).length,
        5,
      )
    }
  }
  const { parameters } = document.paths['/api/things'].get
  t.match(parameters, [
    { name: 'page', required: false, schema: { default: 1 } },
    { name: 'q', required: false },
  ])
  t.equal((await app.inject('/api-docs/static/nothing.js')).statusCode, 404)
  const page = await app.inject('/api-docs/')
  t.match(page.headers['content-type'], /text\/html/)
  t.match(page.headers['content-security-policy'], /default-src 'self'/)
  t.equal((await app.inject('/')).headers.location, '/api-docs')
})

t.test('lets no page write but its own and those that are named', async (t) => {
  const host = 'signals.example:3000'
  const ask = async (
    origin: string | undefined,
    env: Partial<GatewayConfig> = {},
    method: 'DELETE' | 'GET' = 'DELETE',
  ) => {
    const { app } = await gateway(t, env)
    const headers = { host, ...(origin === undefined ? {} : { origin }) }
    const { statusCode, headers: told } = await app.inject({ method, url: '/api/things', headers })
    return { isRefused: statusCode === 403, methods: told['access-control-allow-methods'] }
  }
  for (const origin of [undefined, `http://${host}`, `https://${host}`])
    t.notOk((await ask(origin)).isRefused, `${origin} is ours, or no page`)
  for (const origin of ['https://a.example', 'http://signals.example:3001', 'http://signals.example', 'null', ''])
    t.ok((await ask(origin)).isRefused, `${origin} is a stranger's`)
  t.notOk((await ask('https://a.example', {}, 'GET')).isRefused, 'who may read')
  t.notOk((await ask('https://a.example', { CORS_ORIGINS: 'https://a.example' })).isRefused, 'and write when named')
  t.ok((await ask('https://b.example', { CORS_ORIGINS: 'https://a.example' })).isRefused)
})

t.test('lets pages of any origin read, unless origins are named', async (t) => {
  const originOf = async (env: Partial<GatewayConfig>) => {
    const { app } = await gateway(t, env)
    return (await app.inject({ url: '/api/things', headers: { origin: 'https://a.example' } })).headers[
      'access-control-allow-origin'
    ]
  }
  t.equal(await originOf({}), '*')
  t.equal(await originOf({ CORS_ORIGINS: 'https://a.example,https://b.example' }), 'https://a.example')
  t.equal(await originOf({ CORS_ORIGINS: 'https://b.example' }), undefined)
})
