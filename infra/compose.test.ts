import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { DCLinter } from 'dclint'
import t from 'tap'
import { parse } from 'yaml'
import { loadConfig } from '../packages/service/src/index.ts'
import { type ComposeService, composeWith, generatedVariables, ROOT, read, serviceOf } from './test/compose.ts'
import { contextFilter } from './test/image.ts'

// What follows no rule of ours: order of keys, quotes, a tag for images that are built here.
const STYLE = Object.fromEntries(
  [
    'no-build-and-image',
    'no-quotes-in-volumes',
    'no-unbound-port-interfaces',
    'service-dependencies-alphabetical-order',
    'service-image-require-explicit-tag',
    'service-keys-order',
    'services-alphabetical-order',
    'top-level-properties-order',
  ].map((rule) => [rule, 0]),
)

const NOT_YET = { codeName: 'NotYetInitialized' }

// The package's own types lead to files that it does not have.
interface LintResult {
  messages: { line: number; message: string }[]
}

const variables = generatedVariables()
const compose = composeWith(variables)
const all = Object.entries(compose.services)
const [ours, theirs] = [all.filter(([, { build }]) => build), all.filter(([, { build }]) => !build)]
function isJob({ restart }: ComposeService) {
  return restart === 'no'
}
/** The services of the product: what has a folder and is no job. */
const services = ours.filter(([, service]) => !isJob(service))

t.test('docker-compose.yml fits the schema of the format', async (t) => {
  const results = new DCLinter({ rules: STYLE, quiet: false, debug: false, exclude: [] }).lintFiles(
    [join(ROOT, 'docker-compose.yml')],
    false,
  )
  t.equal(results.length, 1)
  t.strictSame(
    (results as LintResult[]).flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`)),
    [],
  )
})

t.test('every service of the product has a container, and its settings are what its code reads', async (t) => {
  const folders = globSync('services/*/src/main.ts', { cwd: ROOT }).map((file) => file.split('/')[1] ?? '')
  t.strictSame(
    services.map(([name]) => name).toSorted(),
    folders.filter((folder) => folder !== 'standalone').toSorted(),
  )
  for (const [name, { build, environment = {} }] of services) {
    const schema = await configOf(name)
    const known = Object.keys(schema.properties)
    for (const variable of Object.keys(environment)) t.ok(known.includes(variable), `${name} reads ${variable}`)
    const image = { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: String(build?.args.PORT) }
    t.doesNotThrow(() => loadConfig(schema, { ...image, ...environment }), name)
    t.equal(build?.args.SERVICE, name)
    t.equal(Number(build?.args.PORT), schema.properties.PORT?.default, `${name} listens where its code says`)
    t.equal(packageOf(name).scripts.start, commandOfImage(), `${name} starts as its package says`)
  }
  const { working_dir = '', command = [] } = serviceOf(compose, 'migrate')
  t.ok(existsSync(join(ROOT, working_dir.replace('/app/', ''), command.at(-1) ?? '')), 'the migration is there')
})

t.test('without every secret nothing starts, and .env.example names exactly what is read', async (t) => {
  const text = read('docker-compose.yml')
  const secrets = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name))
  const named = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name))
  const example = new Map(
    [...read('.env.example').matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
  t.strictSame(new Set(example.keys()), named)
  for (const [name, value] of example)
    t.equal(value === '', secrets.has(name), `${name} is to be made up: ${secrets.has(name)}`)
  for (const name of secrets) {
    t.match(variables[name], /^[0-9a-f]{48}$/)
    for (const value of [undefined, '']) t.throws(() => composeWith({ ...variables, [name]: value }), new RegExp(name))
  }
  t.equal(new Set([...secrets].map((name) => variables[name])).size, secrets.size, 'none is like another')
  t.ok(read('.gitignore').split('\n').includes('.env'), 'git does not take them')
})

t.test('every address leads to a container that listens there', async (t) => {
  const text = ['docker-compose.yml', 'infra/nginx/nginx.conf', 'infra/grafana/provisioning/datasources/prometheus.yml']
    .map(read)
    .join()
  const addresses = [...text.matchAll(/(?:https?:\/\/|@)([a-z][\w-]*):(\d+)/g)].filter(
    ([, host]) => host !== 'localhost',
  )
  t.ok(addresses.length >= 8)
  for (const [address, host = '', port] of addresses) t.ok(portsOf(host).includes(Number(port)), address)
  const { scrape_configs } = parse(read('infra/prometheus/prometheus.yml'))
  t.strictSame(
    scrape_configs.map(({ job_name }: { job_name: string }) => job_name).toSorted(),
    services.map(([name]) => name).toSorted(),
  )
  for (const { job_name, dns_sd_configs } of scrape_configs) {
    const [{ names, type, port }] = dns_sd_configs
    t.strictSame([names, type, [port]], [[job_name], 'A', portsOf(job_name)])
  }
})

t.test('only nginx is open to others, and Grafana to this machine', async (t) => {
  const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`))
  t.strictSame(published, ['nginx 0.0.0.0:3000:8080', 'grafana 127.0.0.1:3100:3000'])
  t.equal(compose.networks.backend?.internal, true)
  const beside = (name: string) => serviceOf(compose, name).networks
  t.strictSame(beside('nginx'), ['edge'])
  for (const engine of ['nats', 'mongo', 'redis']) t.strictSame(beside(engine), ['backend'])
  const inEdge = all.filter(([, { networks }]) => networks.includes('edge')).map(([name]) => name)
  t.strictSame(inEdge, ['nginx', 'gateway'], 'whoever the gateways believe')
  t.equal(serviceOf(compose, 'gateway').environment?.TRUST_PROXY, compose.networks.edge?.ipam?.config[0]?.subnet)
})

t.test('every container is as small and as closed as it can be', async (t) => {
  for (const [name, service] of all) {
    t.strictSame(
      [service.read_only, service.cap_drop, service.security_opt],
      [true, ['ALL'], ['no-new-privileges:true']],
      name,
    )
    t.ok(bytesOf(service.mem_limit) <= 1024 ** 3 && service.pids_limit > 0, `${name} has limits`)
    t.match(service.logging, { driver: 'json-file', options: { 'max-size': /^\d+m$/, 'max-file': /^\d$/ } })
    t.equal(service.restart, ['migrate', 'mongo-init'].includes(name) ? 'no' : 'unless-stopped', name)
    t.equal(service.container_name, undefined, `${name} can be there more than once`)
    t.match(
      service.image,
      service.build ? `crypto-signals/${service.build.args.SERVICE}` : /:v?\d+\.?[\d.]*(-alpine)?$/,
    )
    for (const volume of service.volumes ?? []) {
      const [source = '', , mode] = volume.split(':')
      if (source.startsWith('.')) t.ok(existsSync(join(ROOT, source)) && mode === 'ro', volume)
      else t.ok(compose.volumes[source], `${source} is declared`)
    }
    for (const network of service.networks) t.ok(network in compose.networks, `${network} is declared`)
  }
  for (const [name, { mem_limit }] of services) t.ok(bytesOf(mem_limit) >= 300e6, `${name} has room for 200 MB`)
})

t.test('each starts after what it needs, and says whether it is well', async (t) => {
  const hasCheck = (name: string) => {
    const { build, healthcheck } = serviceOf(compose, name)
    return healthcheck?.test !== undefined || (build !== undefined && healthcheck?.disable !== true)
  }
  for (const [name, service] of all) {
    t.equal(hasCheck(name), !isJob(service), `${name} ${isJob(service) ? 'ends' : 'has a health check'}`)
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const expected = isJob(serviceOf(compose, other)) ? 'service_completed_successfully' : 'service_healthy'
      t.equal(condition, name === 'nginx' ? 'service_started' : expected, `${name} after ${other}`)
    }
  }
  for (const [name, { depends_on = {} }] of services)
    t.strictSame(Object.keys(depends_on).toSorted(), ['migrate', 'nats', 'redis'], name)
  t.strictSame(Object.keys(serviceOf(compose, 'migrate').depends_on ?? {}), ['mongo-init'])
  for (const [name, { healthcheck }] of theirs) {
    const port = /127\.0\.0\.1:(\d+)|HOSTNAME\/(\d+)/.exec(healthcheck?.test?.join(' ') ?? '')
    if (port) t.ok(portsOf(name).includes(Number(port[1] ?? port[2])), `${name} is asked where it listens`)
  }
})

t.test(
  'MongoDB becomes a replica set of one with the user and the databases of the services, whatever was there',
  async (t) => {
    const [, member] = /@([\w:]+)\//.exec(mongoUri()) ?? []
    const { username, pathname, searchParams, password } = new URL(mongoUri())
    const set = searchParams.get('replicaSet')
    const database = pathname.slice(1)
    const roles = [database, `${database}_simulated`].map((db) => ({ role: 'readWrite', db }))
    const user = { pwd: password, roles }
    t.strictSame(initialise({ initiated: false, users: [] }), [
      ['replSetInitiate', { _id: set, members: [{ _id: 0, host: member }] }],
      ['createUser', { user: username, ...user }],
    ])
    t.strictSame(initialise({ initiated: true, users: [username] }), [['updateUser', username, user]])
    const { command = [] } = serviceOf(compose, 'mongo')
    t.equal(command[command.indexOf('--replSet') + 1], set)
    t.match(read('packages/service/src/engines.ts'), "databaseSuffix: simulated ? '_simulated'")
  },
)

t.test('the daemon is sent what an image is made of, and neither secrets nor tests', async (t) => {
  const ignores = contextFilter()
  for (const path of [
    'package.json',
    'pnpm-lock.yaml',
    'tsconfig.json',
    'packages/bus/package.json',
    'packages/dashboard/index.html',
    'services/gateway/src/main.ts',
  ])
    t.notOk(ignores(path), path)
  const kept = [
    '.env',
    '.git/config',
    'node_modules/x',
    'packages/bus/node_modules/x',
    'infra/nats/nats.conf',
    'packages/bus/src/a.test.ts',
    'services/standalone/test/a.ts',
    'services/standalone/.data/a',
    'packages/testing/src/a.ts',
    'packages/dashboard/dist/index.html',
  ]
  for (const path of kept) t.ok(ignores(path), path)
  const [, major] = /^ARG NODE=node:(\d+)-slim$/m.exec(read('infra/Dockerfile')) ?? []
  t.notMatch(read('infra/Dockerfile'), '--mount', 'which Railway takes in another form only')
  t.equal(major, parse(read('pnpm-workspace.yaml')).catalog.node.split('.')[0], 'the Node that the tests run on')
})

/** The schema that a service's main.ts hands to `run`. */
async function configOf(name: string) {
  const [, schema = ''] = /await run\('[\w-]+', (\w+),/.exec(read(`services/${name}/src/main.ts`)) ?? []
  const module = await import(`../services/${name}/src/config.ts`)
  return module[schema] as Parameters<typeof loadConfig>[0]
}

function packageOf(name: string) {
  return JSON.parse(read(`services/${name}/package.json`))
}

function commandOfImage(): string {
  return JSON.parse(/^CMD (\[.*\])$/m.exec(read('infra/Dockerfile'))?.[1] ?? '[]').join(' ')
}

/** Where a container listens: ours by their image, the others by their configuration or by custom. */
function portsOf(name: string): number[] {
  const { build } = serviceOf(compose, name)
  if (build !== undefined) return [Number(build.args.PORT)]
  const numbers = (file: string, pattern: RegExp) => [...read(file).matchAll(pattern)].map(([, port]) => Number(port))
  if (name === 'nats') return numbers('infra/nats/nats.conf', /^(?:port: |http: 0\.0\.0\.0:)(\d+)$/gm)
  if (name === 'nginx') return numbers('infra/nginx/nginx.conf', /^ *listen (\d+);$/gm)
  if (name === 'redis') return numbers('infra/redis/redis.conf', /^port (\d+)$/gm)
  return { mongo: [27017], prometheus: [9090], grafana: [3000] }[name] ?? []
}

function mongoUri(): string {
  return serviceOf(compose, 'query-api').environment?.MONGODB_URI ?? ''
}

/** What infra/mongo/init.js asks of a server in that state, run as mongosh runs it. */
function initialise({ initiated, users }: { initiated: boolean; users: string[] }): unknown[] {
  const asked: unknown[] = []
  let waits = 2
  const db = {
    adminCommand(command: { replSetGetStatus?: number; replSetInitiate?: object }) {
      if (command.replSetInitiate) asked.push(['replSetInitiate', command.replSetInitiate])
      else if (!initiated) throw Object.assign(new Error('no replset config has been received'), NOT_YET)
      return { ok: 1 }
    },
    hello: () => ({ isWritablePrimary: waits-- <= 0 }),
    getSiblingDB: () => ({
      getUser: (name: string) => (users.includes(name) ? { user: name } : null),
      createUser: (user: object) => asked.push(['createUser', user]),
      updateUser: (name: string, user: object) => asked.push(['updateUser', name, user]),
    }),
  }
  const { environment: env } = serviceOf(compose, 'mongo-init')
  runInNewContext(read('infra/mongo/init.js'), { db, process: { env }, print() {}, sleep() {} })
  return JSON.parse(JSON.stringify(asked))
}

function bytesOf(limit: string): number {
  const [, count, unit = ''] = /^(\d+)([mg])$/.exec(limit) ?? []
  return Number(count) * ({ m: 1024 ** 2, g: 1024 ** 3 }[unit] ?? Number.NaN)
}
