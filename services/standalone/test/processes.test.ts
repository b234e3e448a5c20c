import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readiness } from '@crypto-signals/service'
import { openStore } from '@crypto-signals/store'
import { captureLog, type MarketReplay, startMarketReplay, until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t, { type Test } from 'tap'
import { addressesOf, startEngines } from './distributed/engines.ts'
import type { Engines } from './distributed/faults.ts'
import { madeUpRows } from './market-rows.ts'
import { listening, type Product, startProduct } from './product.ts'

const tried = await startEngines()
const skip = typeof tried === 'string' && tried
if (typeof tried !== 'string') await tried[Symbol.asyncDispose]()

/** Servers of a test's own: leases and events of processes that were killed outlive them. */
async function ownEngines(): Promise<Engines & AsyncDisposable> {
  const engines = await startEngines()
  if (typeof engines === 'string') throw new Error(engines)
  return engines
}

const SERVICES = ['query-api', 'alerting', 'scoring', 'ingestion'] as const
type ServiceName = (typeof SERVICES)[number]

const SERVICES_DIR = join(import.meta.dirname, '../..')
const scriptOf = (service: string): string =>
  JSON.parse(readFileSync(join(SERVICES_DIR, service, 'package.json'), 'utf8')).scripts.start

/** A service as `pnpm --filter @crypto-signals/<service> start` runs it. */
const startService = (service: ServiceName | 'gateway', settings: Record<string, string>) => {
  const [program, ...args] = scriptOf(service).split(' ')
  if (program !== 'node') throw new Error(`${service} is started by ${program}`)
  const main = args.map((arg) => (arg.endsWith('.ts') ? join(SERVICES_DIR, service, arg) : arg))
  return startProduct(settings, [process.execPath, ...main])
}

const settingsFor = (engines: Engines, replay: MarketReplay): Record<string, string> => ({
  ...addressesOf(engines),
  MARKET_SOURCES: 'coingecko',
  COINGECKO_URL: replay.url,
  COINGECKO_PER_MINUTE: '100000',
})

async function startAll(t: Test, settings: Record<string, string>) {
  const all = {} as Record<ServiceName, Product>
  for (const service of SERVICES) all[service] = await startService(service, settings)
  t.teardown(() => Promise.all(Object.values(all).map((product) => product[Symbol.asyncDispose]())))
  return all
}

const readiness = async (product: Product): Promise<Readiness> => (await product.ask('/readyz')).body
const statusesOf = async (all: Record<ServiceName, Product>, path: string) =>
  Object.fromEntries(
    await Promise.all(SERVICES.map(async (service) => [service, (await all[service].ask(path)).status])),
  )
/** Waits until so many signals are served; rejects with what all wrote when they are not. */
const scored = (all: Record<ServiceName, Product>, signals: number) =>
  until(async () => (await readiness(all['query-api'])).counts.signals === signals, { timeoutMs: 60_000 }).catch(
    (error) => {
      throw new Error(`${error}\n${SERVICES.map((service) => all[service].lines.join('\n')).join('\n')}`)
    },
  )
const EACH = (status: number) => Object.fromEntries(SERVICES.map((service) => [service, status]))
const says = (product: Product, text: string) => product.lines.filter((line) => line.includes(text))

t.test(
  'each service works as a process of its own, tells how it is, and ends with status 0 at SIGTERM',
  { skip },
  async (t) => {
    await using engines = await ownEngines()
    await using replay = await startMarketReplay({ rows: madeUpRows(600, 1) })
    const settings = settingsFor(engines, replay)
    const all = await startAll(t, settings)
    const upstreams = { QUERY_API_URL: all['query-api'].url, ALERTING_URL: all.alerting.url }
    const gateway = await startService('gateway', { ...settings, ...upstreams })
    t.teardown(() => gateway[Symbol.asyncDispose]())
    for (const [service, product] of Object.entries({ ...all, gateway })) {
      await listening(product)
      t.strictSame(await product.ask('/livez'), { status: 200, body: { live: true } }, service)
      await until(async () => (await product.ask('/readyz')).status === 200)
      t.match(await (await fetch(`${product.url}/metrics`)).text(), /^process_resident_memory_bytes \d/m, service)
    }
    for (const service of SERVICES) t.ok(Value.Check(Readiness, await readiness(all[service])), service)
    await scored(all, 600 * 4)
    t.strictSame((await readiness(all.ingestion)).counts, { leader: 1, universe: 600, quotes: 600 })
    t.equal((await gateway.ask('/api/coins')).body.pagination.total_items, 600)
    const paths = async (product: Product, document: string) => Object.keys((await product.ask(document)).body.paths)
    const described = [
      ...(await paths(all['query-api'], '/openapi.json')),
      ...(await paths(all.alerting, '/openapi.json')),
    ]
    t.ok(described.includes('/api/signals') && described.includes('/api/alerts'))
    const own = ['/api/health', '/api/market', '/api/sources', '/livez', '/metrics', '/readyz']
    t.strictSame((await paths(gateway, '/api-docs/json')).sort(), [...described, ...own].sort())
    for (const product of [gateway, ...Object.values(all)]) {
      product.kill('SIGTERM')
      t.equal(await product.exited, 0, product.lines.join('\n'))
    }
  },
)

t.test(
  'processes that are there before their servers wait, say for what, and start when the last has come',
  { skip },
  async (t) => {
    await using engines = await ownEngines()
    await using replay = await startMarketReplay({ rows: madeUpRows(40, 2) })
    const { nats, mongo, redis } = engines
    await Promise.all([nats.kill(), mongo.kill(), redis.kill()])
    const all = await startAll(t, settingsFor(engines, replay))
    const wait = (text: string) => until(() => SERVICES.every((service) => says(all[service], text).length > 0))
    await wait('waiting for NATS')
    await wait('waiting: the database is not available')
    await Promise.all([nats.restart(), redis.restart()])
    await wait('durability of the bus')
    t.strictSame(await statusesOf(all, '/livez'), EACH(0), 'without the store nobody listens')
    await mongo.restart()
    for (const service of SERVICES) {
      await listening(all[service])
      await until(async () => (await all[service].ask('/readyz')).status === 200)
      for (const text of ['waiting for NATS', 'waiting: the database is not available'])
        t.equal(says(all[service], text).length, 1, `${service} says once: ${text}`)
    }
  },
)

t.test('asked to stop while it waits for a server, a process ends at once with status 0', { skip }, async (t) => {
  await using engines = await ownEngines()
  await using replay = await startMarketReplay({ rows: [] })
  const nowhere = 'nats://127.0.0.1:1'
  for (const service of SERVICES) {
    await using product = await startService(service, { ...settingsFor(engines, replay), NATS_URL: nowhere })
    await until(() => says(product, 'waiting for NATS').length > 0)
    product.kill('SIGTERM')
    t.equal(await product.exited, 0, product.lines.join('\n'))
    t.equal(says(product, '"stopped"').length, 1)
  }
})

t.test(
  'an engine that is lost shows where it is needed, ends no process, and is used again when it is back',
  { skip },
  async (t) => {
    await using engines = await ownEngines()
    await using replay = await startMarketReplay({ rows: madeUpRows(40, 3) })
    const all = await startAll(t, settingsFor(engines, replay))
    for (const service of SERVICES) await listening(all[service])
    await scored(all, 160)
    const losses = [
      { name: 'store', engine: engines.mongo, hurts: ['alerting', 'scoring', 'ingestion'] },
      { name: 'bus', engine: engines.nats, hurts: ['scoring', 'ingestion'] },
      { name: 'cache', engine: engines.redis, hurts: [] as string[] },
    ]
    for (const { name, engine, hurts } of losses) {
      await engine.kill()
      const reason = `the ${name} does not answer`
      const isKnown = async (service: ServiceName) => (await readiness(all[service])).reasons.includes(reason)
      await until(async () => (await Promise.all(SERVICES.map(isKnown))).every(Boolean))
      const expected = Object.fromEntries(SERVICES.map((service) => [service, hurts.includes(service) ? 503 : 200]))
      t.strictSame(await statusesOf(all, '/readyz'), expected, `without the ${name}`)
      t.strictSame(await statusesOf(all, '/livez'), EACH(200), `without the ${name}`)
      await engine.restart()
      const isWell = async (service: ServiceName) => !(await isKnown(service)) && (await readiness(all[service])).ready
      await until(async () => (await Promise.all(SERVICES.map(isWell))).every(Boolean))
    }
  },
)

t.test(
  'what can never work ends a process with its reason: status 2 for the configuration, 1 for an engine',
  { skip },
  async (t) => {
    await using engines = await ownEngines()
    await using replay = await startMarketReplay({ rows: [] })
    const settings = settingsFor(engines, replay)
    const endsWith = async (service: ServiceName, wrong: Record<string, string>, status: number, reasons: RegExp[]) => {
      await using product = await startService(service, { ...settings, ...wrong })
      t.equal(await product.exited, status, `${service} ${product.lines.join('\n')}`)
      for (const reason of reasons) t.match(product.lines.join('\n'), reason)
    }
    for (const service of SERVICES) {
      await endsWith(service, { PORT: '99999', NATS_URL: 'http://x', MARKET_SOURCES: 'nasdaq' }, 2, [
        /PORT: /,
        /NATS_URL: /,
        /MARKET_SOURCES: /,
      ])
      const uri = 'mongodb://user:pa@ss@host/db'
      await endsWith(service, { MONGODB_URI: uri }, 1, [/"code":"STORE_MISCONFIGURED".*cannot start/])
    }
    await endsWith('scoring', { PORT: new URL(replay.url).port }, 1, [/EADDRINUSE/])
  },
)

t.test(
  'of two ingestions one leads; frozen, killed or stopped, the other goes on with the sweep where it stands',
  { skip },
  async (t) => {
    // Ids so long that few of them fill a chunk.
    const rows = madeUpRows(1_200, 4).map((row) => ({ ...row, id: String(row.id).padEnd(110, '-') }))
    await using engines = await ownEngines()
    await using replay = await startMarketReplay({ rows })
    let chunkMs = 1_000
    const late = (response: ServerResponse, body: string) => void setTimeout(() => response.end(body), chunkMs)
    replay.next(late, Number.POSITIVE_INFINITY, ({ query }) => query.has('ids'))
    const settings = settingsFor(engines, replay)
    const start = async () => {
      const product = await startService('ingestion', {
        ...settings,
        SWEEP_INTERVAL_SECONDS: '3600',
        TOP_INTERVAL_SECONDS: '3600',
      })
      t.teardown(() => product[Symbol.asyncDispose]())
      await listening(product)
      return product
    }
    const leads = async (product: Product) => (await readiness(product)).counts.leader === 1
    const chunks = () => replay.requests.flatMap(({ query }) => query.get('ids') ?? [])
    const goesOn = async () => {
      const before = chunks().length
      await until(() => chunks().length >= before + 3)
    }
    const [first, second] = [await start(), await start()]
    await until(async () => (await leads(first)) || (await leads(second)))
    const [leader, other] = (await leads(first)) ? [first, second] : [second, first]
    t.equal((await other.ask('/readyz')).status, 200, 'who stands by is ready')
    await goesOn()

    leader.kill('SIGSTOP')
    await until(() => leads(other))
    await goesOn()
    leader.kill('SIGCONT')
    await until(async () => !(await leads(leader)))
    t.ok(await leads(other), 'who was frozen steps back')

    await engines.redis.kill()
    const cannotAsk = async () => (await readiness(leader)).reasons.some((reason) => reason.startsWith('cannot lead'))
    await until(cannotAsk)
    await goesOn()
    t.ok(await leads(other), 'without Redis the leader goes on')
    t.notOk(await leads(leader), 'and nobody else begins')
    await engines.redis.restart()
    await until(async () => Number(await leads(first)) + Number(await leads(second)) === 1)

    const [victim, heir] = (await leads(first)) ? [first, second] : [second, first]
    victim.kill('SIGKILL')
    await until(() => leads(heir))
    await goesOn()

    const third = await start()
    heir.kill('SIGTERM')
    t.equal(await heir.exited, 0)
    await until(() => leads(third))
    chunkMs = 0
    await using store = await openStore({ url: String(settings.MONGODB_URI), log: captureLog().log })
    await until(async () => (await store.sources.sweep('coingecko'))?.finishedAt != null, { timeoutMs: 60_000 })
    const total = (await store.sources.sweep('coingecko'))?.chunksTotal ?? 0
    const asked = chunks()
    t.equal(new Set(asked).size, total)
    // One for each of four changes, and what a process asks between its thaw and its first renewal.
    t.ok(asked.length - total <= 8, `${asked.length - total} of ${total} chunks were asked for again`)
  },
)
