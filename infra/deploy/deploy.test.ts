import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { tempDir } from '../../packages/testing/src/index.ts'
import { freeBlock } from '../test/free-block.ts'

const INFRA = join(import.meta.dirname, '..')

/** Stands for the services: listens where they do, and is as well as the file says that came with its revision. */
const SERVICES = `
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const state = readFileSync(new URL('state.json', import.meta.url), 'utf8')
for (let port = Number(process.env.PORT); port < Number(process.env.PORT) + 6; port++) {
  createServer((_request, response) => response.end(state)).listen(port, '127.0.0.1')
}`

/** Stands for the work of each step: notes it, and fails where the revision says so. */
const STEPS = `
import { appendFileSync, existsSync } from 'node:fs'
appendFileSync('.data/steps', process.argv[2] + ' ')
process.exit(existsSync('fails-' + process.argv[2]) ? 1 : 0)`

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
  put('infra/pm2/ecosystem.config.cjs', ECOSYSTEM)
  put('services.mjs', SERVICES)
  const states = { well: 'OK', sweeping: 'WARNING', broken: 'ERROR' }
  for (const [tag, status] of Object.entries(states)) {
    put('state.json', JSON.stringify({ status, tag }))
    commit(tag)
  }
  git('checkout', '--quiet', 'well')
  put('fails-check', '')
  commit('unchecked')
  git('checkout', '--quiet', 'well')

  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const first = await freeBlock(6)
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    PM2_HOME: join(dir.path, 'pm2'),
    NATS_URL: `nats://user:secret@127.0.0.1:${port}`,
    MONGODB_URI: `mongodb://127.0.0.1:1,127.0.0.1:${port}/x?directConnection=true`,
    REDIS_URL: `redis://127.0.0.1:${port}`,
    PORT: String(first),
    DEPLOY_HEALTH_SECONDS: '30',
  }
  t.teardown(async () => {
    if (existsSync(env.PM2_HOME)) spawnSync('npx', ['-y', '--prefer-offline', PM2, 'kill'], { env })
    server.close()
    await dir[Symbol.asyncDispose]()
  })
  return {
    path,
    git: (...args: string[]) => git(...args).trim(),
    /** Gives the exit status and what was said. */
    deploy: async (args: string[], more: Record<string, string> = {}) => {
      const child = spawn(join(path, 'infra/deploy.sh'), args, { cwd: path, env: { ...env, ...more } })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
      const [status] = await once(child, 'close')
      return { status, said }
    },
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
    const { git, deploy, running, steps } = await clone(t)
    const hasty = { DEPLOY_HEALTH_SECONDS: '3' }
    t.match(await deploy(['broken'], hasty), {
      status: 6,
      said: /health is ERROR[\s\S]*there is no revision to go back to/,
    })
    t.equal(await running(), null, 'a first deployment that is not well is stopped')
    steps()

    t.match(await deploy(['well']), { status: 0, said: /deployed, and well\n$/ })
    t.equal(await running(), 'well')
    t.strictSame(steps(), ['install', 'check', 'db:migrate'])

    t.match(await deploy(['sweeping']), { status: 0 })
    t.equal(await running(), 'sweeping')

    steps()
    t.match(await deploy(['unchecked']), { status: 5, said: /the system runs on as it was/ })
    t.strictSame(steps(), ['install', 'check', 'install'], 'the packages of before are there again')
    t.equal(await running(), 'sweeping')
    t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'sweeping'))

    t.match(await deploy(['broken'], hasty), {
      status: 6,
      said: /health is ERROR[\s\S]*going back to[\s\S]* runs again\n$/,
    })
    t.equal(await running(), 'sweeping')
    t.equal(git('rev-parse', 'HEAD'), git('rev-parse', 'sweeping'))
    t.match(await deploy([]), { status: 0 }, 'what is checked out can be deployed again')
  },
)

const withoutShellcheck = spawnSync('shellcheck', ['--version']).status !== 0 && 'shellcheck is not on the PATH'

t.test('shellcheck finds nothing in the script', { skip: withoutShellcheck }, async (t) => {
  const { status, stdout } = spawnSync('shellcheck', [join(INFRA, 'deploy.sh')], { encoding: 'utf8' })
  t.equal(status, 0, stdout)
})
