import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import {
  freePort,
  startMarketReplay,
  startMongoServer,
  startNatsServer,
  startRedisServer,
  tempDir,
  until,
} from '../../packages/testing/src/index.ts'
import { AlertingConfig } from '../../services/alerting/src/config.ts'
import { GatewayProcessConfig } from '../../services/gateway/src/config.ts'
import { IngestionProcessConfig } from '../../services/ingestion/src/config.ts'
import { QueryApiConfig } from '../../services/query-api/src/config.ts'
import { ScoringConfig } from '../../services/scoring/src/config.ts'
import { madeUpRows } from '../../services/standalone/test/market-rows.ts'

const PM2 = 'pm2@7.0.4'
const ECOSYSTEM = join(import.meta.dirname, 'ecosystem.config.cjs')

interface App {
  name: string
  script: string
  exec_mode: string
  instances?: number
  kill_timeout: number
  env: Record<string, string | number>
}

const { apps } = createRequire(import.meta.url)(ECOSYSTEM) as { apps: App[] }

t.test('each service is there, knows the settings it is given, and has time to stop', async (t) => {
  const schemas = {
    alerting: AlertingConfig,
    gateway: GatewayProcessConfig,
    ingestion: IngestionProcessConfig,
    'query-api': QueryApiConfig,
    scoring: ScoringConfig,
  }
  const services = apps.map(({ script }) => /services\/([^/]+)\/src\/main\.ts$/.exec(script)?.[1])
  t.strictSame(new Set(services), new Set(Object.keys(schemas)))
  for (const [index, app] of apps.entries()) {
    const schema = schemas[services[index] as keyof typeof schemas]
    t.ok(existsSync(app.script), app.script)
    for (const name of Object.keys(app.env)) t.ok(name in schema.properties, `${app.name} reads ${name}`)
    t.ok(app.kill_timeout >= 10_000, `${app.name} may take its time to stop`)
  }
  const portOf = (name: string) => apps.find((app) => app.name === name)?.env.PORT
  t.equal(new Set(apps.map(({ env }) => env.PORT)).size, apps.length, 'no port is given twice')
  const { env } = apps.find(({ name }) => name === 'gateway') as App
  t.match(env, {
    QUERY_API_URL: `http://127.0.0.1:${portOf('query-api')}`,
    ALERTING_URL: `http://127.0.0.1:${portOf('alerting')}`,
  })
  const clustered = apps.filter(({ exec_mode }) => exec_mode === 'cluster')
  t.strictSame(
    clustered.map(({ name, instances }) => [name, instances]),
    [
      ['query-api', 2],
      ['gateway', 2],
    ],
  )
})

const servers = await Promise.all([startNatsServer(), startMongoServer({ stoppable: true }), startRedisServer()])
t.teardown(async () => {
  for (const server of servers) await server?.[Symbol.asyncDispose]()
})
const [nats, mongo, redis] = servers
const withoutPm2 =
  spawnSync('npx', ['-y', '-p', PM2, 'node', '--version']).status !== 0 && 'PM2 cannot be fetched from the registry'
const skip = servers.includes(null)
  ? 'nats-server, redis-server and a MongoDB-compatible server are needed'
  : withoutPm2

/** PM2 with a home, and a daemon, of its own. */
async function startPm2(t: Test, settings: Record<string, string>) {
  const dir = await tempDir()
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    PM2_HOME: dir.path,
    LOG_DIR: join(dir.path, 'out'),
    ...settings,
  }
  const pm2 = async (...args: string[]) =>
    (await promisify(execFile)('npx', ['-y', '--prefer-offline', PM2, ...args], { env, maxBuffer: 10e6 })).stdout
  t.teardown(async () => {
    await pm2('kill')
    await dir[Symbol.asyncDispose]()
  })
  const processes = async () => {
    const list = JSON.parse(
      (await pm2('jlist')).split('\n').findLast((line) => line.startsWith('[{')) ?? '[]',
    ) as Listed[]
    return list.map(({ name, pid, pm2_env }) => ({ name, pid, status: pm2_env.status }))
  }
  return { pm2, processes, home: dir.path }
}

interface Listed {
  name: string
  pid: number
  pm2_env: { status: string }
}

t.test('PM2 starts the whole system, replaces it under load without a failure, and stops it', { skip }, async (t) => {
  // Of today: a market of old prices is not well.
  const rows = madeUpRows(30, 5).map((row) => ({ ...row, last_updated: new Date().toISOString() }))
  await using market = await startMarketReplay({ rows })
  const port = await freePort(6)
  const { pm2, processes, home } = await startPm2(t, {
    PORT: String(port),
    NATS_URL: nats?.url ?? '',
    MONGODB_URI: mongo?.freshDatabase() ?? '',
    REDIS_URL: redis?.url ?? '',
    MARKET_SOURCES: 'coingecko',
    COINGECKO_URL: market.url,
    COINGECKO_PER_MINUTE: '10000',
    RATE_LIMIT_PER_MINUTE: '1000000',
  })
  const statusOf = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then(({ status }) => status, String)
  await pm2('startOrReload', ECOSYSTEM, '--update-env')
  const first = await processes()
  t.equal(first.length, 8)
  t.strictSame([...new Set(first.map(({ status }) => status))], ['online'])
  t.equal(await statusOf('/readyz'), 200, 'what PM2 calls online is ready')
  await until(async () => (await statusOf('/api/health')) === 200, { timeoutMs: 60_000 })

  const reload = { done: false }
  const reloaded = pm2('startOrReload', ECOSYSTEM, '--update-env').finally(() => (reload.done = true))
  const [failures, beganAt] = [[] as unknown[], Date.now()]
  let answers = 0
  while (!reload.done) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/signals`)
      .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
      .catch((error: Error) => ({ status: error, text: '' }))
    if (answer.status !== 200) failures.push({ ...answer, afterMs: Date.now() - beganAt })
    answers++
  }
  await reloaded
  t.strictSame(failures, [], `${answers} answers during the reload`)
  const second = await processes()
  t.equal(second.length, 8)
  const pids = new Set(first.map(({ pid }) => pid))
  t.notOk(
    second.some(({ pid }) => pids.has(pid)),
    'all were replaced',
  )

  await pm2('delete', 'crypto-signals')
  for (let offset = 0; offset < 6; offset++)
    t.match(await fetch(`http://127.0.0.1:${port + offset}/livez`).catch(() => 'gone'), 'gone')
  // Not from the logs of the services: what a process writes last PM2 may drop.
  const ends = [...readFileSync(join(home, 'pm2.log'), 'utf8').matchAll(/App \[(\S+):\w+\] exited with (code \[.*)/g)]
  t.strictSame(
    ends.map(([, name, how]) => `${name}: ${how}`).sort(),
    [...first, ...second].map(({ name }) => `${name}: code [0] via signal [SIGINT]`).sort(),
    'each ended in order, both times',
  )
})
