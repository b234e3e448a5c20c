import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { openStore } from '../../packages/store/src/index.ts'
import {
  captureLog,
  FakeClock,
  MONGO_SERVER_MISSING,
  quoteOf,
  scoredCoinOf,
  startMongoServer,
  tempDir,
  until,
} from '../../packages/testing/src/index.ts'
import { createQueryFunction } from './query.ts'

const mongo = await startMongoServer({ stoppable: true })
const skip = mongo === null && MONGO_SERVER_MISSING
t.teardown(() => mongo?.[Symbol.asyncDispose]())

const quiet = { LOG_LEVEL: 'silent', MONGODB_SERVER_SELECTION_TIMEOUT_MS: '500', MONGODB_SOCKET_TIMEOUT_MS: '1000' }

/** A database of its own that holds these coins. */
async function databaseWith(...coinIds: string[]) {
  const url = mongo?.freshDatabase() ?? ''
  await add(url, ...coinIds)
  return url
}

async function add(url: string, ...coinIds: string[]): Promise<void> {
  await using store = await openStore({ url, log: captureLog().log })
  await store.quotes.save(coinIds.map((coinId) => quoteOf({ coinId })))
  await store.signals.save(coinIds.map((coinId) => scoredCoinOf({ coinId })))
}

/** Calls the function as the platform does, over HTTP. */
async function served(t: Test, env: NodeJS.ProcessEnv, clock?: FakeClock) {
  const query = createQueryFunction({ ...quiet, ...env }, clock)
  const server = createServer(query.handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close().closeAllConnections()
    await query[Symbol.asyncDispose]()
  })
  const { port } = server.address() as AddressInfo
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init)
}

const totalOf = async (answer: Response) => ((await answer.json()) as any).pagination?.total_items

t.test('it answers the routes of query-api from the store', { skip }, async (t) => {
  const ask = await served(t, { MONGODB_URI: await databaseWith('bitcoin', 'tether') })
  const first = await ask('/api/signals')
  t.equal(first.status, 200)
  const body = (await first.json()) as any
  t.match(body, { success: true, pagination: { total_items: 2 }, meta: { source: 'live' } })
  t.match(body.data.map(({ coinId }: { coinId: string }) => coinId).sort(), ['bitcoin', 'tether'])
  const etag = first.headers.get('etag') ?? ''
  t.equal((await ask('/api/signals', { headers: { 'if-none-match': etag } })).status, 304)
  for (const path of ['/coin/bitcoin', '/search?q=bit', '/strong', '/stats']) {
    t.equal((await ask(`/api/signals${path}`)).status, 200, path)
  }
  for (const path of ['/api/coins', '/api/coins/tether']) t.equal((await ask(path)).status, 200, path)
  const refused = { '/api/signals?pgae=2': 400, '/api/coins/nobody': 404, '/api/alerts': 404, '/': 404 }
  for (const [path, status] of Object.entries(refused)) t.equal((await ask(path)).status, status, path)
  t.equal((await ask('/api/signals', { method: 'POST' })).status, 405)
})

t.test('it reads the market again when what it holds is too old, and keeps it when that fails', { skip }, async (t) => {
  const clock = new FakeClock()
  const url = await databaseWith('bitcoin')
  const ask = await served(t, { MONGODB_URI: url, REHYDRATE_SECONDS: '30' }, clock)
  const count = async () => await totalOf(await ask('/api/signals'))
  t.equal(await count(), 1)
  await add(url, 'tether')
  await clock.advance(29_999)
  t.equal(await count(), 1)
  await clock.advance(1)
  t.strictSame(await Promise.all([count(), count(), count()]), [2, 2, 2])
  await mongo?.kill()
  await clock.advance(30_000)
  t.equal(await count(), 2)
  await mongo?.restart()
  await add(url, 'solana')
  await clock.advance(4_999)
  t.equal(await count(), 2, 'a store that failed is left alone for a moment')
  await clock.advance(1)
  await until(async () => {
    await clock.advance(5_000)
    return (await count()) === 3
  })
})

t.test('without its store it says that it is not available, and works as soon as it is there', { skip }, async (t) => {
  const url = await databaseWith('bitcoin')
  await mongo?.kill()
  const ask = await served(t, { MONGODB_URI: url })
  const answer = await ask('/api/signals')
  t.equal(answer.status, 503)
  t.match(await answer.json(), { success: false, code: 'HTTP_UNAVAILABLE' })
  await mongo?.restart()
  t.equal(await totalOf(await ask('/api/signals')), 1)
})

t.test('it does not start on a file, or with settings that make no sense', async (t) => {
  await using dir = await tempDir()
  const data = join(dir.path, 'data')
  t.throws(() => createQueryFunction({ DATA_DIR: data }), /MONGODB_URI: is not set/)
  t.throws(() => createQueryFunction({ MONGODB_URI: 'postgres://127.0.0.1/x' }), /MONGODB_URI: /)
  t.throws(
    () => createQueryFunction({ MONGODB_URI: 'mongodb://127.0.0.1/x', REHYDRATE_SECONDS: 'soon' }),
    /REHYDRATE_SECONDS: /,
  )
  t.notOk(existsSync(data))
})

const PROGRAM = `
import { createServer } from 'node:http'
const { default: handler } = await import('./.vercel/output/functions/query.func/index.js')
const server = createServer(handler).listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))`

const output = await tempDir()
t.teardown(() => output[Symbol.asyncDispose]())
// Beside the tests: they have deadlines that a program waited for would make them miss.
const build = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'build.mjs'), output.path]).then(
  ({ stderr }) => ({ ok: true, stderr }),
  ({ stderr }: { stderr: string }) => ({ ok: false, stderr }),
)
const withoutBundler = /npm (?:error|ERR!) code E/.test(build.stderr) && 'esbuild cannot be fetched from the registry'

t.test(
  'what is uploaded runs alone: no sources, no packages, no SQLite',
  { skip: skip || withoutBundler },
  async (t) => {
    t.ok(build.ok, build.stderr)
    const read = (path: string) => JSON.parse(readFileSync(join(output.path, '.vercel/output', path), 'utf8'))
    t.match(read('config.json'), { version: 3, routes: [{ dest: '/query' }] })
    t.match(read('functions/query.func/.vc-config.json'), { runtime: 'nodejs24.x', handler: 'index.js' })
    const child = spawn(process.execPath, ['--no-experimental-sqlite', '--input-type=module', '--eval', PROGRAM], {
      cwd: output.path,
      env: { ...quiet, MONGODB_URI: await databaseWith('bitcoin') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    const [said] = await once(child.stdout, 'data')
    const answer = await fetch(`http://127.0.0.1:${/\d+/.exec(String(said))?.[0]}/api/signals`)
    t.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    t.equal(await totalOf(answer), 1)
  },
)

t.test('Vercel installs with the package manager that the repository pins', async (t) => {
  const json = (path: string) => JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'))
  const { packageManager } = json('../../package.json')
  t.match(json('vercel.json'), { installCommand: new RegExp(`npx -y ${packageManager} install --frozen-lockfile`) })
})
