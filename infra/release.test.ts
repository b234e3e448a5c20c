import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const json = (path: string) => JSON.parse(read(path))

const PORTS = { gateway: 3000, 'query-api': 3001, alerting: 3002, scoring: 3003, ingestion: 3004 }
const SERVICES = Object.keys(PORTS) as (keyof typeof PORTS)[]

const folders = globSync(['packages/*/package.json', 'services/*/package.json'], { cwd: ROOT }).map((path) =>
  path.replace(/\/package\.json$/, ''),
)
const folderOf = new Map(folders.map((folder) => [json(`${folder}/package.json`).name as string, folder]))

// Built before it is put into an image, from what then is not needed any more.
const PAGE = '@crypto-signals/dashboard'

/** The folders of a package and of all that it runs on, or is built from. */
function foldersBehind(name: string, found = new Set<string>()): Set<string> {
  const folder = folderOf.get(name)
  if (folder === undefined || found.has(folder)) return found
  found.add(folder)
  const { dependencies, devDependencies } = json(`${folder}/package.json`)
  for (const dependency of Object.keys({ ...dependencies, ...(name === PAGE ? devDependencies : {}) }))
    foldersBehind(dependency, found)
  return found
}

/** What a change must touch for a new image of the service to differ. */
const sourcesOf = (service: string) => [
  ...[...foldersBehind(`@crypto-signals/${service}`)].map((folder) => `${folder}/**`),
  'infra/Dockerfile',
  '.dockerignore',
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  // The page's own leads to it.
  ...(foldersBehind(`@crypto-signals/${service}`).has('packages/dashboard') ? ['tsconfig.json'] : []),
]

const existing = (pattern: string) => existsSync(join(ROOT, pattern.replace(/\/\*\*$/, '')))

const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT })
const workflow = (name: string) => parse(read(`.github/workflows/${name}.yml`))

t.test('a service is released when something that is in its image changes, and only then', async (t) => {
  for (const service of SERVICES) {
    const { on, jobs } = workflow(service)
    const wanted = [...sourcesOf(service), `.github/workflows/${service}.yml`, '.github/workflows/release.yml']
    t.strictSame(new Set(on.push.paths), new Set(wanted), service)
    t.ok(wanted.every(existing), service)
    t.strictSame(on.push.branches, ['main'])
    t.match(jobs.release, { uses: './.github/workflows/release.yml', with: { service, port: PORTS[service] } })
  }
})

t.test('Railway builds and watches the same, waits for health, and restarts always', async (t) => {
  t.strictSame(
    new Set(globSync('infra/railway/*.json', { cwd: ROOT })),
    new Set(SERVICES.map((service) => `infra/railway/${service}.json`)),
  )
  for (const service of SERVICES) {
    const { build, deploy } = json(`infra/railway/${service}.json`)
    t.strictSame(
      new Set(build.watchPatterns),
      new Set([...sourcesOf(service), `infra/railway/${service}.json`]),
      service,
    )
    t.match(build, { builder: 'DOCKERFILE', dockerfilePath: 'infra/Dockerfile' })
    t.match(deploy, { healthcheckPath: service === 'gateway' ? '/api/health' : '/readyz', restartPolicyType: 'ALWAYS' })
    // A first sweep without a key takes about 25 minutes, and until it is through the health is a warning: 503.
    t.ok(service !== 'gateway' || deploy.healthcheckTimeout >= 3_600)
    t.ok(deploy.drainingSeconds >= 10, 'a process may take 10 s to stop')
  }
  t.notMatch(
    read('infra/Dockerfile'),
    /--mount=type=cache/,
    'Railway refuses a cache whose id does not name its service',
  )
})

t.test('the default port of each service is the one that its image and its checks are told', async (t) => {
  const { GatewayProcessConfig } = await import('../services/gateway/src/config.ts')
  const { QueryApiConfig } = await import('../services/query-api/src/config.ts')
  const { AlertingConfig } = await import('../services/alerting/src/config.ts')
  const { ScoringConfig } = await import('../services/scoring/src/config.ts')
  const { IngestionProcessConfig } = await import('../services/ingestion/src/config.ts')
  const schemas = [GatewayProcessConfig, QueryApiConfig, AlertingConfig, ScoringConfig, IngestionProcessConfig]
  t.strictSame(
    schemas.map(({ properties }) => properties.PORT.default),
    Object.values(PORTS),
  )
})

t.test('workflows run pinned actions with the least rights, and end some time', async (t) => {
  t.strictSame(
    new Set(workflows),
    new Set([...SERVICES, 'ci', 'release'].map((name) => `.github/workflows/${name}.yml`)),
  )
  for (const path of workflows) {
    const { permissions, jobs } = parse(read(path))
    t.strictSame(permissions, { contents: 'read' }, path)
    for (const job of Object.values<any>(jobs)) {
      t.ok(job.uses !== undefined || job['timeout-minutes'] <= 60, path)
      for (const { uses, with: inputs } of job.steps ?? []) {
        if (uses === undefined) continue
        t.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/, `${path}: ${uses}`)
        if (uses.startsWith('actions/checkout@')) t.equal(inputs['persist-credentials'], false, path)
      }
    }
    for (const line of read(path).matchAll(/uses: \S+@\S+(.*)$/gm))
      t.match(line[1], /^ # v\d+\.\d+\.\d+$/, 'says which version it is')
  }
  const writers = workflows.filter((path) => /packages: write/.test(read(path)))
  t.strictSame(new Set(writers), new Set([...SERVICES, 'release'].map((name) => `.github/workflows/${name}.yml`)))
})

t.test('an image is built of the service that was asked for, and published from the main branch alone', async (t) => {
  const { test, image } = workflow('release').jobs
  t.equal(image.needs, 'test')
  t.match(test.steps.at(-1), { run: /npm test --silent -- "services\/\$SERVICE\/\*\*\/\*\.test\.ts"\n$/ })
  t.match(test.steps.at(-1), { env: { REQUIRE_SERVERS: '1' }, run: /^source \.ci\/servers\n/ }, 'no test is skipped')
  t.match(image.env.PUBLISH, /^\$\{\{ github\.ref == 'refs\/heads\/main' \}\}$/)
  const { with: build } = image.steps.find(({ uses }: { uses?: string }) =>
    uses?.startsWith('docker/build-push-action@'),
  )
  t.match(build, {
    file: 'infra/Dockerfile',
    'build-args': /SERVICE=\$\{\{ inputs\.service \}\}/,
    push: /^\$\{\{ env\.PUBLISH == 'true' \}\}$/,
  })
  const known = new Set([...read('infra/Dockerfile').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name))
  for (const [, name] of build['build-args'].matchAll(/^(\w+)=/gm))
    t.ok(known.has(name), `the Dockerfile knows ${name}`)
})

t.test('ci runs what a developer runs', async (t) => {
  const { verify } = workflow('ci').jobs
  t.equal(verify.steps.at(-1).run, '.ci/run')
  t.match(read('.ci/run'), /^export .*\bREQUIRE_SERVERS=1$[\s\S]*^source \.ci\/servers$[\s\S]*^npm test/m)
  t.equal(spawnSync('bash', ['-n', '.ci/servers'], { cwd: ROOT }).status, 0)
})

const withoutActionlint = spawnSync('actionlint', ['--version']).status !== 0 && 'actionlint is not on the PATH'

t.test('actionlint finds nothing in the workflows', { skip: withoutActionlint }, async (t) => {
  const { status, stdout } = spawnSync('actionlint', workflows, { cwd: ROOT, encoding: 'utf8' })
  t.equal(status, 0, stdout)
})
