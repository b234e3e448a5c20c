import { createServer } from 'node:net'
import { systemClock } from '@crypto-signals/clock'
import { captureLog, FakeClock, tempDir, until } from '@crypto-signals/testing'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { loadConfig } from './config.ts'
import { type Engine, watchEngines } from './engine-watch.ts'
import { openPorts } from './engines.ts'
import { processEnvironment } from './environment.ts'
import { failures } from './errors.ts'
import { createMetrics } from './metrics.ts'
import { onceAvailable } from './once-available.ts'
import { type ServiceProcessOptions, serviceProcess } from './process.ts'
import { type HttpService, type Ports, Readiness } from './service.ts'

const Config = Type.Object(processEnvironment(0))
const configOf = (env: Record<string, string>): Static<typeof Config> => loadConfig(Config, env)

const READY = { ready: true, reasons: ['one is late'], counts: { things: 3 }, version: 'v1' }
const Query = Type.Object({ page: Type.Integer({ default: 1 }), of: Type.String() }, { additionalProperties: false })

const things: HttpService = {
  name: 'things',
  start: async () => undefined,
  stop: async () => undefined,
  readiness: async () => READY,
  routes: async (app) => {
    app.get('/api/things', { schema: { querystring: Query, response: failures() } }, async () => ({}))
  },
}

async function open(env: Record<string, string> = {}, options: Partial<ServiceProcessOptions> = {}) {
  const dir = await tempDir()
  const { log, lines } = captureLog()
  const surroundings = { clock: systemClock, log, metrics: createMetrics() }
  const config = configOf({ DATA_DIR: dir.path, ...env })
  const process = await serviceProcess(config, surroundings, { needs: [], build: () => things, ...options })
  return {
    process,
    lines,
    ask: (url: string, headers = {}) => process.server.inject({ url, headers }),
    async [Symbol.asyncDispose]() {
      await process.server.close()
      await process.stop()
      await dir[Symbol.asyncDispose]()
    },
  }
}

t.test('a process of one service answers /livez, /readyz and /metrics on its own port', async (t) => {
  await using opened = await open()
  t.strictSame((await opened.ask('/livez')).json(), { live: true })
  const ready = await opened.ask('/readyz')
  t.equal(ready.statusCode, 200)
  t.strictSame(ready.json(), READY, 'exactly what the service says of itself')
  t.match((await opened.ask('/metrics')).body, /process_cpu_seconds_total/)
  t.ok(opened.lines.some(({ level, unset }) => level === 40 && String(unset) === 'NATS_URL,MONGODB_URI,REDIS_URL'))
})

t.test('its metrics are for callers on the machine alone, unless they are public', async (t) => {
  const foreign = { remoteAddress: '192.0.2.7', url: '/metrics' }
  const forwarded = { url: '/metrics', headers: { 'x-forwarded-for': '192.0.2.7' } }
  const ofPage = { url: '/metrics', headers: { origin: 'http://evil.example' } }
  {
    await using closed = await open()
    for (const request of [foreign, forwarded, ofPage])
      t.equal((await closed.process.server.inject(request)).json().code, 'HTTP_FORBIDDEN')
  }
  await using opened = await open({ METRICS_PUBLIC: 'true' })
  for (const request of [foreign, forwarded, ofPage])
    t.equal((await opened.process.server.inject(request)).statusCode, 200)
})

t.test('its OpenAPI document holds the routes of the service, as they are for the caller, and no other', async (t) => {
  await using opened = await open()
  const document = (await opened.ask('/openapi.json')).json()
  t.equal(document.openapi, '3.1.0')
  t.strictSame(Object.keys(document.paths), ['/api/things'])
  const parameters = document.paths['/api/things'].get.parameters as { name: string; required: boolean }[]
  t.strictSame(
    parameters.map(({ name, required }) => [name, required]),
    [
      ['page', false],
      ['of', true],
    ],
  )
})

t.test('a service without routes has no document', async (t) => {
  const { routes: _routes, ...silent } = things
  await using opened = await open({}, { build: () => silent })
  t.equal((await opened.ask('/openapi.json')).statusCode, 404)
  t.equal((await opened.ask('/readyz')).statusCode, 200)
})

t.test('it is not ready while it drains, nor when its service does not answer', async (t) => {
  let answer: () => Promise<Readiness> = async () => READY
  await using opened = await open({}, { build: () => ({ ...things, readiness: () => answer() }) })
  opened.process.server.draining = true
  const draining = await opened.ask('/readyz')
  t.equal(draining.statusCode, 503)
  t.ok(Value.Check(Readiness, draining.json()))
  opened.process.server.draining = false
  answer = async () => {
    throw new Error('mongodb://user:secret@host')
  }
  const failed = await opened.ask('/readyz')
  t.equal(failed.statusCode, 503)
  t.strictSame(failed.json(), { ready: false, reasons: ['things does not answer'], counts: {} })
})

t.test('an engine that is away is a reason, and only one that is needed makes the process not ready', async (t) => {
  let ping = async () => {}
  const build = (ports: Ports) => {
    ports.bus.ping = () => ping()
    return things
  }
  await using needy = await open({}, { needs: ['bus'], build })
  await using content = await open({}, { needs: ['store'], build })
  ping = () => Promise.reject(new Error('away'))
  await until(async () => (await needy.ask('/readyz')).statusCode === 503)
  await until(async () => (await content.ask('/readyz')).json().reasons.length === 2)
  t.strictSame((await needy.ask('/readyz')).json().reasons, ['one is late', 'the bus does not answer'])
  t.equal((await content.ask('/readyz')).statusCode, 200)
  t.equal((await needy.ask('/livez')).statusCode, 200)
  ping = async () => {}
  await until(async () => (await needy.ask('/readyz')).statusCode === 200)
})

t.test('a start that fails for want of an engine is made again', async (t) => {
  let tries = 0
  const start = async () => {
    if (++tries < 3) throw Object.assign(new Error('the database is not available'), { code: 'STORE_UNAVAILABLE' })
  }
  await using opened = await open({}, { build: () => ({ ...things, start }) })
  let started = false
  void opened.process.start().then(() => (started = true))
  await until(() => started)
  t.equal(tries, 3)
})

t.test('engines that hang are known to be away within 3 s, and to be back a second after', async (t) => {
  const clock = new FakeClock()
  const silent = new Set<Engine>()
  const engine = (name: Engine) => ({
    ping: () => (silent.has(name) ? new Promise<void>(() => {}) : Promise.resolve()),
  })
  const ports = { clock, store: engine('store'), bus: engine('bus'), cache: engine('cache') }
  const watch = watchEngines(ports as unknown as Ports)
  t.teardown(() => watch.stop())
  await clock.advance(0)
  t.strictSame(watch.away(), [])
  silent.add('store').add('cache')
  await clock.advance(3_000)
  t.strictSame(watch.away(), ['store', 'cache'])
  silent.clear()
  await clock.advance(1_000)
  t.strictSame(watch.away(), [])
  watch.stop()
  await clock.advance(0)
  t.equal(clock.sleeping, 0)
})

t.test('waits while something is unavailable, and says each reason once', async (t) => {
  const clock = new FakeClock()
  const { log, lines } = captureLog()
  const said = ['no server', 'no server', 'no primary', 'no primary', 'no primary']
  const work = async () => {
    const message = said.shift()
    if (message === undefined) return 'done'
    throw Object.assign(new Error(message), { code: 'STORE_UNAVAILABLE' })
  }
  const done = onceAvailable(work, { clock, log, signal: new AbortController().signal })
  await clock.advance(60_000)
  t.equal(await done, 'done')
  t.strictSame(
    lines.map(({ level, msg }) => [level, msg]),
    [
      [40, 'waiting: no server'],
      [40, 'waiting: no primary'],
    ],
  )
})

t.test('does not wait for what waiting cannot mend, nor when it is asked to stop', async (t) => {
  const clock = new FakeClock()
  const { log } = captureLog()
  const wrong = Object.assign(new Error('the address is malformed'), { code: 'STORE_MISCONFIGURED' })
  const stopping = new AbortController()
  const patience = { clock, log, signal: stopping.signal }
  await t.rejects(
    onceAvailable(() => Promise.reject(wrong), patience),
    wrong,
  )
  const endless = onceAvailable(() => new Promise<never>(() => {}), patience)
  stopping.abort(new Error('stopping'))
  await t.rejects(endless, { message: 'stopping' })
})

t.test('one engine that can never be opened ends the waiting for the others, and leaves none open', async (t) => {
  await using dir = await tempDir()
  const { log } = captureLog()
  const config = configOf({ DATA_DIR: dir.path, REDIS_URL: 'redis://user:secret@/', NATS_URL: await nowhere() })
  const surroundings = { clock: systemClock, log, metrics: createMetrics() }
  await t.rejects(openPorts(config, surroundings, { simulated: false }), { name: 'TypeError', message: /^REDIS_URL/ })
  const ports = await openPorts(configOf({ DATA_DIR: dir.path }), surroundings, { simulated: false })
  t.equal(ports.store.adapter, 'sqlite', 'the data file is free again')
  await ports[Symbol.asyncDispose]()
})

t.test('asked to stop while it waits for its engines, it waits no longer', async (t) => {
  await using dir = await tempDir()
  const { log, lines } = captureLog()
  const stopping = new AbortController()
  const config = configOf({ DATA_DIR: dir.path, NATS_URL: await nowhere() })
  const surroundings = { clock: systemClock, log, metrics: createMetrics(), stopping: stopping.signal }
  const opening = openPorts(config, surroundings, { simulated: false })
  await until(() => lines.some(({ msg }) => msg === 'waiting for NATS'))
  stopping.abort(new Error('the process is stopping'))
  await t.rejects(opening, { message: 'the process is stopping' })
})

t.test('simulated data have a file of their own', async (t) => {
  await using dir = await tempDir()
  const { log } = captureLog()
  const surroundings = { clock: systemClock, log, metrics: createMetrics() }
  const config = configOf({ DATA_DIR: dir.path })
  await using live = await openPorts(config, surroundings, { simulated: false })
  await using simulated = await openPorts(config, surroundings, { simulated: true })
  await live.store.sources.saveUniverse('coingecko', '2026-01-01T00:00:00.000Z', [
    { id: 'bitcoin', symbol: 'btc', name: 'Bitcoin', platforms: {} },
  ])
  t.equal(await simulated.store.sources.universe('coingecko'), null)
})

/** An address at which nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await until(() => server.listening)
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `nats://127.0.0.1:${port}`
}
