import { METHODS, request } from 'node:http'
import { buildAlerting } from '@crypto-signals/alerting'
import { systemClock } from '@crypto-signals/clock'
import { buildGateway, buildGatewayProcess, GatewayProcessConfig } from '@crypto-signals/gateway'
import { buildQueryApi } from '@crypto-signals/query-api'
import {
  createMetrics,
  type HttpService,
  loadConfig,
  openPorts,
  processEnvironment,
  serviceProcess,
} from '@crypto-signals/service'
import { captureLog, FakeClock, manyQuotes, manyScoredCoins, tempDir, until } from '@crypto-signals/testing'
import { Type } from '@sinclair/typebox'
import t from 'tap'
import { BAD_REQUESTS } from './bad-requests.ts'

const COINS = 300
const HOST = '127.0.0.1'

/** One query-api and one alerting: as plugins of a gateway, and in servers of their own behind another. */
async function openBoth() {
  const [dir, clock, { log }] = [await tempDir(), new FakeClock(), captureLog()]
  const surroundings = { clock, log, metrics: createMetrics() }
  const ports = await openPorts(configIn(dir.path), surroundings, { simulated: false })
  await ports.store.quotes.save(manyQuotes(COINS))
  await ports.store.signals.save(manyScoredCoins(COINS))
  const services = [
    buildQueryApi(ports, { simulated: false }),
    buildAlerting(ports, { simulated: false, maxAlerts: 100 }),
  ]

  const processes: { url: string; stop: () => Promise<void> }[] = []
  for (const service of services) processes.push(await processOf(service, `${dir.path}/${service.name}`))
  const [queryApi = '', alerting = ''] = processes.map(({ url }) => url)
  const env = { QUERY_API_URL: queryApi, ALERTING_URL: alerting, DATA_DIR: `${dir.path}/gateway`, PORT: '0' }
  const config = loadConfig(GatewayProcessConfig, { ...env, RATE_LIMIT_PER_MINUTE: '1000000' })
  const door = await buildGatewayProcess(config, { clock: systemClock, log, metrics: createMetrics() })
  await door.start()
  const { version } = await import('../../gateway/package.json', { with: { type: 'json' } }).then((it) => it.default)
  const whole = await buildGateway(ports, { config, upstreams: services, feeders: [], version, simulated: false })
  return {
    over: await door.server.listen({ host: HOST, port: 0 }),
    within: await whole.listen({ host: HOST, port: 0 }),
    async [Symbol.asyncDispose]() {
      await Promise.all([door.server.close(), whole.close()])
      await door.stop()
      for (const { stop } of processes) await stop()
      await ports[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

const configIn = (dataDir: string) => loadConfig(Type.Object(processEnvironment(0)), { DATA_DIR: dataDir })

async function processOf(service: HttpService, dataDir: string) {
  const surroundings = { clock: systemClock, log: captureLog().log, metrics: createMetrics() }
  const process = await serviceProcess(configIn(dataDir), surroundings, { needs: [], build: () => service })
  await process.start()
  const url = await process.server.listen({ host: HOST, port: 0 })
  return { url, stop: () => process.server.close().then(() => process.stop()) }
}

interface Asked {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer | undefined
}

interface Heard {
  status: number | undefined
  headers: Record<string, unknown>
  body: string
}

/** What is heard at `url`, without what differs from one moment to the next. */
function hear(url: string, { method = 'GET', path, headers = {}, body }: Asked): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const asking = request({
      hostname,
      port,
      method,
      path,
      headers: { 'x-request-id': 'same', ...headers },
      agent: false,
    })
    asking.on('error', reject)
    asking.on('response', async (answer) => {
      const {
        date: _,
        'ratelimit-remaining': _left,
        ratelimit: _limit,
        'ratelimit-reset': _reset,
        ...rest
      } = answer.headers
      // Fastify's own HEAD routes say that the body a 304 leaves out is empty.
      if (answer.statusCode === 304) delete rest['content-length']
      const chunks = await answer.toArray()
      resolve({ status: answer.statusCode, headers: rest, body: Buffer.concat(chunks).toString() })
    })
    asking.end(body)
  })
}

const LIMIT = 64 * 1024
const json = { 'content-type': 'application/json' }
const alert = JSON.stringify({ coinId: 'no-such-coin', alertType: 'price_above', settings: { threshold: 5 } })
const alertOf = (bytes: number) => `${alert.slice(0, -1)},"x":"${'x'.repeat(bytes - alert.length - 7)}"}`

const READS = [
  '/api/signals',
  '/api/signals?page=2&limit=7&sort=rank',
  '/api/signals?timeframe=LONG_TERM&filter=buy&min_score=10',
  '/api/signals/strong',
  '/api/signals/stats',
  '/api/signals/search?q=coin&limit=3',
  '/api/signals/search?q=%25%F0%9F%9A%80',
  '/api/coins?limit=3',
  '/api/coins/coin-1',
  '/api/coins?symbol=c1&max_age=3600',
  '/api/coins?max_age=0',
  '/api/coins/by-symbol/btc',
  '/api/coins/by-symbol/a%2Fb',
  '/api/coins/btc',
  '/api/coins/coin-1/bars',
  '/api/coins/coin-1/bars?interval=1d&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
  '/api/coins/BTC/bars',
  '/api/coverage',
  '/api/coverage/x',
  '/api/coveragex',
  '/api/sources',
  '/api/market?x=1',
  '/api/market',
  '/api/signals/coin/coin-1',
  '/api/signals/coin/coin-1/history?interval=1d&limit=3',
  '/api/signals/coin/BTC/history',
  '/api/%73ignals?limit=1',
  '/api/alerts',
  '/api/alerts/triggered?limit=1',
  '/api/signals/',
  '/api/signals/nothing/here',
  '/api/signals/coin/',
  '/api/signals/coin/..%2F..%2Freadyz',
  '/api/coins/a/../../../readyz',
  '/api/alerts/a%2Fb',
  '/api/signals/coin/%zz',
  '/api/signalsx',
  '/api/signals;x',
  `/api/signals/coin/${'x'.repeat(1_200)}`,
  `/api/signals?q=${'x'.repeat(3_000)}`,
  '/readyz/',
  '/openapi.json',
]

const BODIES: Asked[] = [
  { path: '/api/alerts', body: alertOf(LIMIT), headers: json },
  { path: '/api/alerts', body: alertOf(LIMIT + 1), headers: json },
  { path: '/api/alerts', body: alertOf(LIMIT + 1), headers: { ...json, 'transfer-encoding': 'chunked' } },
  { path: '/api/alerts', body: alertOf(LIMIT), headers: { ...json, 'transfer-encoding': 'chunked' } },
  { path: '/api/alerts', body: alertOf(1_000_000), headers: json },
  { path: '/api/alerts', body: alertOf(LIMIT + 1), headers: { 'content-type': 'text/plain' } },
  { path: '/api/alerts', body: alertOf(LIMIT + 1) },
  { path: '/api/signals', body: alertOf(LIMIT + 1), headers: json },
  { path: '/api/alerts/nothing/here', body: alertOf(LIMIT + 1), headers: json },
  { path: '/api/alerts', body: '{', headers: json },
  { path: '/api/alerts', body: '{"a":1,"a":2}', headers: json },
  { path: '/api/alerts', body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), headers: json },
  { path: '/api/alerts', headers: json },
  { path: '/api/alerts' },
  { path: '/api/alerts', body: alert, headers: { 'content-type': 'application/json; charset=utf-8' } },
  { path: '/api/alerts', body: alert, headers: { 'content-type': 'nonsense' } },
  { path: '/api/alerts', body: alert, headers: { 'content-type': 'application/jsonx' } },
  { path: '/api/alerts', body: alert, headers: { ...json, expect: '100-continue' } },
  { path: '/api/alerts', body: alert, headers: { ...json, expect: 'nonsense' } },
  { path: '/api/alerts?x=1', body: alert, headers: json },
  { path: '/api/alerts', body: alert, headers: { ...json, 'content-encoding': 'gzip' } },
].map((one) => ({ method: 'POST', ...one }))

t.test('over HTTP as in one process', async (t) => {
  await using both = await openBoth()
  const compare = async (asked: Asked) => {
    const [over, within] = [await hear(both.over, asked), await hear(both.within, asked)]
    t.strictSame(over, within, `${asked.method ?? 'GET'} ${asked.path.slice(0, 80)} ${String(asked.body).slice(0, 60)}`)
    return over
  }

  await t.test('every read is answered alike, also to HEAD and to who has the version', async (t) => {
    for (const path of READS) {
      const { headers } = await compare({ path })
      await compare({ method: 'HEAD', path })
      for (const tags of [String(headers.etag), '"x", *', '*', 'W/"other"']) {
        await compare({ path, headers: { 'if-none-match': tags } })
        await compare({ method: 'HEAD', path, headers: { 'if-none-match': tags } })
      }
    }
    t.equal((await compare({ path: '/api/coins?limit=5' })).status, 200)
  })

  await t.test('every body is judged alike, at the limit, over it and where none is looked at', async (t) => {
    const statuses = []
    for (const asked of BODIES) statuses.push((await compare(asked)).status)
    t.strictSame(statuses.slice(0, 5), [400, 413, 413, 400, 413])
  })

  await t.test('every wrong method is refused alike, with what the path takes', async (t) => {
    for (const path of ['/api/signals', '/api/signals/coin/coin-1', '/api/alerts', '/api/alerts/1', '/api/coins/x/y']) {
      for (const method of METHODS.filter((one) => one !== 'CONNECT' && one !== 'GET')) await compare({ method, path })
    }
    t.equal((await compare({ method: 'PROPFIND', path: '/api/alerts' })).headers.allow, 'GET, HEAD, POST')
  })

  await t.test('every bad request of the corpus is refused alike', async (t) => {
    // What a client of Node's does not send is left to those who write to the socket.
    const sendable = BAD_REQUESTS.filter(({ url }) => !/[^!-~]/.test(url))
    for (const { method, url, payload, contentType = 'application/json' } of sendable) {
      const headers = payload === undefined ? {} : { 'content-type': contentType }
      await compare({ method, path: url, body: payload, headers })
    }
    t.ok(sendable.length > 200)
  })

  await t.test('the merged document is the one of the single process', async (t) => {
    await until(async () => '/api/alerts' in JSON.parse((await hear(both.over, { path: '/api-docs/json' })).body).paths)
    const documentAt = async (url: string, path: string) => (await hear(url, { path })).body
    const [over, within] = [
      await documentAt(both.over, '/api-docs/json'),
      await documentAt(both.within, '/api-docs/json'),
    ]
    t.strictSame(JSON.parse(over), JSON.parse(within))
    t.equal(over, within, 'to the letter')
    t.match(await documentAt(both.over, '/api-docs/yaml'), /^ {2}\/api\/alerts\/triggered:$/m)
  })

  await t.test('an alert is set, read and removed, and the answers have the same form', async (t) => {
    const body = JSON.stringify({ coinId: 'coin-1', alertType: 'price_above', settings: { threshold: 1e15 } })
    const life = async (url: string) => {
      const created = await hear(url, { method: 'POST', path: '/api/alerts', body, headers: json })
      const { alertId } = JSON.parse(created.body).data
      const path = `/api/alerts/${alertId}`
      t.equal(created.headers.location, path)
      const answers = [
        created,
        await hear(url, { path }),
        await hear(url, { method: 'DELETE', path }),
        await hear(url, { path }),
      ]
      return answers.map(({ status, headers, body }) => {
        const { meta: _, ...said } = JSON.parse(body.replaceAll(alertId, 'the-id'))
        return { status, headers: { ...headers, location: undefined, 'content-length': undefined }, said }
      })
    }
    t.strictSame(await life(both.over), await life(both.within))
  })
})
