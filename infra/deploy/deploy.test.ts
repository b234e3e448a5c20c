import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { freePort, tempDir, until } from '../../packages/testing/src/index.ts'

const INFRA = join(import.meta.dirname, '..')

/** Stands for the services: listens where they do, and is as well as the file says that came with its revision. */
const SERVICES = `
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const state = readFileSync(new URL('state.json', import.meta.url), 'utf8')
for (let port = Number(process.env.PORT); port < Number(process.env.PORT) + 6; port++) {
  createServer((_request, response) => response.end(state)).listen(port, '127.0.0.1')
}`

/** Stands for the work of each step: notes it, with where, and fails or hangs where the revision says so. */
const STEPS = `
import { appendFileSync, existsSync } from 'node:fs'
const place = process.cwd().endsWith('/.data/deploy/next') ? 'next' : 'here'
const step = place + '-' + process.argv[2]
appendFileSync(process.env.STEPS, step + ' ')
if (existsSync('fails-' + step)) process.exit(1)
if (existsSync('hangs-' + step)) {
  const parent = process.ppid
  setInterval(() => process.ppid === parent || process.exit(1), 50)
}`

const ECOSYSTEM = `module.exports = { apps: [
  { name: 'services', namespace: 'crypto-signals', script: __dirname + '/../../services.mjs', interpreter: 'node', env: { PORT: process.env.PORT } },
] }`

/** A clone with the real script in it, and revisions that are well or not. */
async function clone(t: Test) {
  const dir = await tempDir()
  const path = join(dir.path, 'clone')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: path, encoding: 'utf8' })
  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), text)
  }
  const commit = (tag: string) => {
    git('add', '--all')
    git('commit', '--quiet', '--message', tag)
    git('tag', tag)
  }
  mkdirSync(path)
  git('init', '--quiet')
  cpSync(join(INFRA, 'deploy.sh'), join(path, 'infra/deploy.sh'))
  for (const helper of ['reachable.mjs', 'healthy.mjs'])
    cpSync(join(INFRA, 'deploy', helper), join(path, 'infra/deploy', helper))
  put('.gitignore', '.data\n')
  put('infra/bootstrap.mjs', STEPS)
  put('infra/page.mjs', '')
  put('infra/pm2/ecosystem.config.cjs', ECOSYSTEM)
  put('services.mjs', SERVICES)
  const states = { well: 'OK', sweeping: 'WARNING', broken: 'ERROR' }
  for (const [tag, status] of Object.entries(states)) {
    put('state.json', JSON.stringify({ status, tag }))
    commit(tag)
  }
  const faults = ['fails-next-check', 'hangs-next-check', 'fails-here-install', 'hangs-here-install']
  for (const fault of faults) {
    git('checkout', '--quiet', 'well')
    put(fault, '')
    put('state.json', JSON.stringify({ status: 'OK', tag: fault }))
    commit(fault)
  }
  git('checkout', '--quiet', 'well')

  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const first = await freePort(6)
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    PM2_HOME: join(dir.path, 'pm2'),
    NATS_URL: `nats://user:secret@127.0.0.1:${port}`,
    MONGODB_URI: `mongodb://127.0.0.1:1,127.0.0.1:${port}/x?directConnection=true`,
    REDIS_URL: `redis://127.0.0.1:${port}`,
    PORT: String(first),
    STEPS: join(path, '.data/steps'),
    DEPLOY_HEALTH_SECONDS: '90',
  }
  t.teardown(async () => {
    if (existsSync(env.PM2_HOME)) spawnSync('npx', ['-y', '--prefer-offline', PM2, 'kill'], { env })
    server.close()
    await dir[Symbol.asyncDispose]()
  })
  return {
    path,
    git: (...args: string[]) => git(...args).trim(),
    /** Gives the exit status and what was said; the end of its output is that of all that it started. */
    deploy: async (args: string[], more: Record<string, string> = {}, signalled?: Signalled) => {
      const child = spawn(join(path, 'infra/deploy.sh'), args, { cwd: path, env: { ...env, ...more } })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
      const closed = once(child, 'close')
      if (signalled !== undefined) {
        const taken = () => existsSync(env.STEPS) && readFileSync(env.STEPS, 'utf8').endsWith(`${signalled.during} `)
        await until(taken)
        signalled.meanwhile?.()
        child.kill(signalled.with)
      }
      const [status] = await closed
      return { status, said }
    },
    /** The revision whose files lie where PM2 takes them from. */
    files: () => JSON.parse(readFileSync(join(path, 'state.json'), 'utf8')).tag,
    /** The revision that answers, if any does. */
    running: () =>
      fetch(`http://127.0.0.1:${first}/`).then(
        async (answer) => ((await answer.json()) as { tag: string }).tag,
        () => null,
      ),
    /** The steps taken since the last time it was asked. */
    steps: () => {
      const file = join(path, '.data/steps')
      const taken = existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ') : []
      rmSync(file, { force: true })
      return taken
    },
  }
}

interface Signalled {
  during: string
  with: NodeJS.Signals
  meanwhile?: () => void
}

const PM2 = 'pm2@7.0.4'
const withoutPm2 =
  spawnSync('npx', ['-y', '-p', PM2, 'node', '--version']).status !== 0 && 'PM2 cannot be fetched from the registry'
const withoutFlock = spawnSync('flock', ['--version']).status !== 0 && 'flock is not on the PATH'

t.test('it says how it is used, and refuses what it does not know', { skip: withoutFlock }, async (t) => {
  const { deploy, steps } = await clone(t)
  const help = await deploy(['--help'])
  t.equal(help.status, 0)
  t.match(help.said, /^usage: infra\/deploy\.sh/)
  t.equal((await deploy(['--force'])).status, 2)
  t.match(await deploy(['well', 'broken']), { status: 2, said: /^usage: / }, 'one revision is enough')
  const without = await deploy([], { NATS_URL: '', REDIS_URL: '' })
  t.match(without, { status: 2, said: /not set: NATS_URL REDIS_URL\n$/ })
  t.match(await deploy(['no-such-tag']), { status: 5, said: /there is no revision no-such-tag/ })
  t.strictSame(steps(), [])
})

t.test(
  'it stops before anything is touched when a server is out of reach or the clone was changed',
  { skip: withoutFlock },
  async (t) => {
    const { path, git, deploy, steps } = await clone(t)
    const unreachable = await deploy(['broken'], { REDIS_URL: 'redis://:secret@127.0.0.1:1' })
    t.match(unreachable, { status: 3, said: /REDIS_URL: nobody answers at 127\.0\.0\.1:1\n/ })
    t.notMatch(unreachable.said, /secret|NATS_URL|MONGODB_URI/)
    const rehearsal = await deploy(['--dry-run', 'broken'])
    t.match(rehearsal, { status: 0, said: /would deploy \w+ broken\n.*would go back to nothing/ })
    writeFileSync(join(path, 'state.json'), '{}')
    t.match(await deploy(['broken']), { status: 2, said: /files of this clone were changed/ })
    t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'well'))
    t.strictSame(steps(), [])
  },
)

t.test('of two at once the second gives way', { skip: withoutFlock }, async (t) => {
  const { path, deploy, steps } = await clone(t)
  mkdirSync(join(path, '.data/deploy'), { recursive: true })
  const holder = spawn('flock', [join(path, '.data/deploy/lock'), 'sh', '-c', 'echo held; exec cat'])
  t.teardown(() => holder.kill())
  await once(holder.stdout, 'data')
  t.match(await deploy(['well']), { status: 4, said: /another deployment is running/ })
  t.strictSame(steps(), [])
})

t.test(
  'a revision that is well stays, and one that is not gives way to it',
  { skip: withoutFlock || withoutPm2 },
  async (t) => {
    const { git, deploy, files, running, steps } = await clone(t)
    t.match(await deploy(['broken'], { DEPLOY_HEALTH_SECONDS: '10' }), {
      status: 6,
      said: /health is ERROR[\s\S]*there is no revision to go back to/,
    })
    t.equal(await running(), null, 'a first deployment that is not well is stopped')
    t.equal(files(), 'well', 'and the files from before are back')
    steps()

    t.match(await deploy(['well']), { status: 0, said: /deployed, and well\n$/ })
    t.equal(await running(), 'well')
    t.strictSame(steps(), ['next-install', 'next-check', 'next-page', 'next-db:migrate', 'here-install', 'here-page'])

    t.match(await deploy(['sweeping']), { status: 0 })
    t.equal(await running(), 'sweeping')

    steps()
    t.match(await deploy(['fails-next-check']), { status: 5, said: /the system runs on as it was/ })
    t.strictSame(steps(), ['next-install', 'next-check'], 'nothing was touched')
    t.equal(await running(), 'sweeping')
    t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'sweeping'))

    // Also the time that the revision before has to be well again, on a busy machine.
    t.match(await deploy(['broken'], { DEPLOY_HEALTH_SECONDS: '20' }), {
      status: 6,
      said: /health is ERROR[\s\S]*going back to[\s\S]* runs again\n$/,
    })
    t.equal(await running(), 'sweeping')
    t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'sweeping'))
    t.match(await deploy([]), { status: 0 }, 'what is checked out can be deployed again')
  },
)

t.test(
  'while a revision is checked, and when that is interrupted, the files that PM2 runs from stay',
  { skip: withoutFlock },
  async (t) => {
    const { path, git, deploy, files } = await clone(t)
    const meanwhile = () => t.equal(files(), 'well', 'a crash restart would load what was checked')
    const cut = await deploy(['hangs-next-check'], {}, { during: 'next-check', with: 'SIGTERM', meanwhile })
    t.match(cut, { status: 143, said: /interrupted; the services run on as they were\n$/ })
    t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'well'))
    t.equal(git('status', '--porcelain'), '')
    t.equal(git('worktree', 'list').split('\n').length, 1)
    t.notOk(existsSync(join(path, '.data/deploy/next')))
  },
)

t.test(
  'what fails or is interrupted between the checkout and the start leaves the files of before',
  { skip: withoutFlock },
  async (t) => {
    const { git, deploy, files, steps } = await clone(t)
    t.match(await deploy(['fails-here-install']), { status: 5, said: /the services run on as they were\n$/ })
    t.equal(files(), 'well')
    t.strictSame(steps().slice(-3), ['here-install', 'here-install', 'here-page'], 'and its packages and page')
    for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
      const cut = { during: 'here-install', with: signal as NodeJS.Signals }
      const { status: given, said } = await deploy(['hangs-here-install'], {}, cut)
      t.match(
        { given, said },
        { given: status, said: /interrupted; the files of the revision before are here again\n$/ },
      )
      t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'well'))
      t.equal(files(), 'well')
      steps()
    }
  },
)

t.test('a deployment that was killed halfway is never taken for what ran before', { skip: withoutFlock }, async (t) => {
  const { git, deploy, files, steps } = await clone(t)
  await deploy(['hangs-here-install'], {}, { during: 'here-install', with: 'SIGKILL' })
  t.equal(files(), 'hangs-here-install', 'nobody could bring it back')
  steps()
  t.match(await deploy(['--dry-run']), { status: 0, said: /would deploy \w+ well\n/ })
  t.match(await deploy(['fails-next-check']), { status: 5 })
  t.equal(files(), 'well')
  t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'well'))
})

t.test('of an address that is not as it should be nothing is said', { skip: withoutFlock }, async (t) => {
  const { deploy } = await clone(t)
  const passwords = [
    'SECRET:x/',
    '12345/',
    '12345?',
    '12345#',
    'SECRET@',
    '1@2/',
    '12345/SECRET,x:1',
    '[::1]/',
    'SECRET%2/',
    'x 1/',
  ]
  for (const password of passwords) {
    const rest = `://secretUser:${password}@127.0.0.1:1/x`
    const env = { NATS_URL: `nats${rest}`, MONGODB_URI: `mongodb${rest}`, REDIS_URL: `redis${rest}` }
    const { status, said } = await deploy([], env)
    t.equal(status, 3)
    t.equal(said.match(/cannot be read as an address/g)?.length, 3, password)
    t.notMatch(said, /SECRET|secretUser|12345|127|::1|1@2/, password)
  }
  const encoded = { NATS_URL: 'nats://u:SECRET%2F,1@127.0.0.1:1', REDIS_URL: 'redis://:SECRET%40,:x@[::1]:1/0' }
  const { said } = await deploy([], encoded)
  t.match(said, /REDIS_URL: nobody answers at ::1:1\n/)
  t.notMatch(said, /SECRET/)
  const list = await deploy([], { NATS_URL: 'nats://u:SECRET@127.0.0.1:1,nats://u:SECRET@localhost:2' })
  t.match(list, { status: 3, said: /NATS_URL: nobody answers at 127\.0\.0\.1:1, localhost:2\n/ })
})

const withoutShellcheck = spawnSync('shellcheck', ['--version']).status !== 0 && 'shellcheck is not on the PATH'

t.test('shellcheck finds nothing in the scripts', { skip: withoutShellcheck }, async (t) => {
  const scripts = ['deploy.sh', '../.ci/run', '../.ci/servers'].map((name) => join(INFRA, name))
  const { status, stdout } = spawnSync('shellcheck', ['--external-sources', ...scripts], {
    cwd: join(INFRA, '..'),
    encoding: 'utf8',
  })
  t.equal(status, 0, stdout)
})
