import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { until } from '../packages/testing/src/index.ts'
import { composeWith, generatedVariables, read, serviceOf } from './test/compose.ts'
import { buildImage } from './test/image.ts'
import { metricsIn, queriesIn, type Sample, samplesIn } from './test/metrics.ts'
import { PROMETHEUS_MISSING, startPrometheus } from './test/prometheus.ts'
import { redisSays } from './test/redis.ts'
import { type Images, ready, SERVICES, startSystem } from './test/system.ts'

const compose = composeWith({ ...generatedVariables(), MARKET_SOURCES: 'simulator', EDGE_SUBNET: '127.0.0.0/8' })
const built = await Promise.all(SERVICES.map((name) => buildImage(serviceOf(compose, name).build?.args ?? {})))
const images = Object.fromEntries(SERVICES.map((name, index) => [name, built[index]])) as Images

/** What has no figures as long as nothing goes wrong, or before the whole market was swept. */
const NOT_YET =
  /sweep_age|ingestion_bad_rows|failed_chunks|publish_failures|request_errors|stream_messages|stream_dropped|streams_refused/

t.after(() => Promise.all(built.map((image) => image[Symbol.asyncDispose]())))

t.test('an image holds what its service needs and nothing for development', async (t) => {
  for (const name of SERVICES) {
    const has = (...patterns: string[]) => globSync(patterns, { cwd: images[name].root })
    t.strictSame(has('app/services/*/src'), [`app/services/${name}/src`])
    t.strictSame(has('app/node_modules/.pnpm/{typescript,tap,fast-check,node,@biomejs+biome,turbo}@*'), [])
    t.strictSame(has('app/{packages,services}/*/{test,bench}', 'app/*/*/src/**/*.{test,contract}.ts', 'app/.env*'), [])
    t.ok(has('app/node_modules/.pnpm/fastify@*').length > 0, name)
    t.strictSame(has('app/node_modules/.pnpm/{vite,preact,playwright-core,axe-core,@asyncapi+parser}@*'), [])
    t.strictSame(
      has('app/packages/*/dist/index.html'),
      name === 'gateway' ? ['app/packages/dashboard/dist/index.html'] : [],
      'the page is where it is served, and nowhere else',
    )
  }
})

t.test('the system of the compose file works: images, settings, credentials, nginx in front', async (t) => {
  const system = await startSystem(compose, images)
  if (typeof system === 'string') {
    t.pass('is not there', { skip: system })
    return
  }
  await using _system = system
  const { services, url } = system
  for (const name of SERVICES) await ready(services[name])
  t.match(system.migration, /_simulated: \d+ migrations? run/)

  await t.test('signals and a fired alert come out of the only door', async (t) => {
    await until(async () => (await get('/api/signals')).body.data?.length > 0, { timeoutMs: 60_000 })
    const { body, headers } = await get('/api/signals')
    t.equal(body.meta.source, 'simulated')
    t.match(headers.get('x-cache'), /^(MISS|HIT|EXPIRED|REVALIDATED|UPDATING|STALE)$/)
    const [{ coinId }] = body.data
    const rule = { coinId, alertType: 'price_above', settings: { threshold: 1e-9 } }
    const created = await fetch(`${url}/api/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    })
    t.equal(created.status, 201)
    await until(async () => (await get('/api/alerts/triggered')).body.data?.length > 0, { timeoutMs: 60_000 })
    t.match((await get('/api/alerts/triggered')).body.data[0], { coinId, isTriggered: true })
    t.equal((await get('/metrics')).status, 403)
  })

  await t.test('so do the page, whose files are kept, and a stream that goes on', async (t) => {
    const page = await fetch(url)
    t.match(page.headers.get('content-security-policy'), /default-src 'none'/)
    const [file = ''] = /\/assets\/[\w-]+\.js/.exec(await page.text()) ?? []
    for (const cache of ['MISS', 'HIT']) {
      const { status, headers } = await fetch(url + file, { headers: { 'accept-encoding': 'br' } })
      t.strictSame([status, headers.get('x-cache'), headers.get('content-encoding')], [200, cache, 'br'])
    }
    const gone = new AbortController()
    const { body } = await fetch(`${url}/api/stream?snapshot=true`, { signal: gone.signal })
    let said = ''
    for await (const chunk of body ?? []) {
      said += Buffer.from(chunk).toString()
      if (said.includes('event: changes')) break
    }
    t.match(said, /event: hello[\s\S]*event: reset[\s\S]*event: changes/)
    gone.abort()
  })

  await t.test('the health check of each image says what /readyz says', async (t) => {
    for (const name of SERVICES) {
      await until(() => isHealthy(name, services[name].url))
      t.notOk(await isHealthy(name, 'http://127.0.0.1:1'), `${name}, if nobody listens`)
    }
  })

  await t.test('every figure of the dashboard and the rules is there, with its labels', async (t) => {
    await until(async () => (await samples()).some(({ name }) => name === 'alerting_firings_total'))
    const all = await samples()
    const labelsOf = (metric: string) =>
      new Set([
        'job',
        'instance',
        'le',
        ...all.flatMap(({ name, labels }) => (name === metric ? Object.keys(labels) : [])),
      ])
    const names = new Set(['up', ...(await types()), ...all.map(({ name }) => name)])
    const figures = ['infra/grafana/dashboards/flow.json', 'infra/prometheus/alerts.yml'].flatMap((file) =>
      queriesIn(read(file)),
    )
    t.ok(figures.length > 40)
    for (const { query, metric, labels } of figures.flatMap(metricsIn)) {
      t.ok(names.has(metric), `${metric} in ${query}`)
      if (all.some(({ name }) => name === metric))
        for (const label of labels) t.ok(labelsOf(metric).has(label), `${metric} has ${label}: ${query}`)
    }
  })

  await t.test('Prometheus has an answer to every query of the dashboard, and raises no alert', async (t) => {
    await using prometheus = await startPrometheus(
      Object.fromEntries(SERVICES.map((name) => [name, services[name].url])),
    )
    if (prometheus === null) {
      t.pass('is not there', { skip: PROMETHEUS_MISSING })
      return
    }
    const finds = async (query: string) => (await prometheus.query(query)).length
    await until(async () => (await finds('count_over_time(up[1m]) > 2')) === SERVICES.length)
    const queries = queriesIn(read('infra/grafana/dashboards/flow.json'))
    for (const query of queries.filter((one) => !NOT_YET.test(one))) {
      const found = () => finds(query.replaceAll('$__rate_interval', '1m'))
      await t.resolves(
        until(async () => (await found()) > 0),
        query,
      )
    }
    for (const { metric, value } of await prometheus.query('max_over_time(process_resident_memory_bytes[10m])'))
      t.comment(`${metric.job}: ${Math.round(Number(value[1]) / 1e6)} MB at most`)
    t.strictSame(
      (await prometheus.alerts()).filter((alert) => alert.endsWith('firing')),
      [],
    )
  })

  await t.test('nobody was refused anything by NATS, and Redis knows nobody without a password', async (t) => {
    const lines = SERVICES.flatMap((name) => services[name].lines.map((line) => `${name}: ${line}`))
    // What stands in for MongoDB is slow: that it was late on a busy machine is no refusal.
    const faults = lines.filter((line) => /refuse|"level":[56]0/i.test(line) && !line.includes('"STORE_UNAVAILABLE"'))
    t.strictSame(faults, [])
    t.match(await redisSays(system.redisPort, ['PING']), /NOAUTH/)
    const { REDIS_PASSWORD = '' } = serviceOf(compose, 'redis').environment ?? {}
    const said = await redisSays(system.redisPort, [`AUTH ${REDIS_PASSWORD}`, 'CONFIG GET maxmemory*', 'KEYS *'])
    t.match(said, /volatile-lru/)
    t.match(said, /crypto-signals:simulated:/)
  })

  await t.test('each stops by itself when its container is stopped', async (t) => {
    for (const name of SERVICES) services[name].kill(images[name].stopSignal as NodeJS.Signals)
    for (const name of SERVICES) t.equal(await services[name].exited, 0, name)
  })

  async function get(path: string) {
    const answer = await fetch(url + path)
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any }
  }

  async function pages(): Promise<string[]> {
    return await Promise.all(SERVICES.map(async (name) => (await fetch(`${services[name].url}/metrics`)).text()))
  }

  async function samples(): Promise<Sample[]> {
    return (await pages()).flatMap(samplesIn)
  }

  /** Also of figures that have no value yet. */
  async function types(): Promise<string[]> {
    return (await pages()).flatMap((page) => [...page.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name))
  }

  async function isHealthy(name: keyof Images, address: string): Promise<boolean> {
    const [program = '', ...args] = images[name].healthCheck
    const env = { PATH: process.env.PATH, ...images[name].environment, PORT: new URL(address).port }
    return await promisify(execFile)(program.replace(/^node$/, process.execPath), args, { env }).then(
      () => true,
      () => false,
    )
  }
})
