import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openStore } from '../../packages/store/src/index.ts'
import {
  bareEnvironment,
  captureLog,
  MONGO_SERVER_MISSING,
  quoteOf,
  startMarketReplay,
  startMongoServer,
  startNatsServer,
  startRedisServer,
  tempDir,
  until,
} from '../../packages/testing/src/index.ts'
import { madeUpRows } from '../../services/standalone/test/market-rows.ts'

const probes = await Promise.all([startNatsServer(), startMongoServer({ stoppable: true }), startRedisServer()])
const skip = probes.includes(null) && 'nats-server, redis-server and a MongoDB-compatible server are needed'
for (const probe of probes) await probe?.[Symbol.asyncDispose]()

/** One of the two programs, as a developer runs it. */
function start(t: Test, program: 'servers' | 'distributed', env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${program}-main.ts`)], {
    env: { ...bareEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const said = { text: '' }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said.text += chunk))
  const exited = once(child, 'close').then(([code]) => code as number)
  return { child, said, exited, says: (pattern: RegExp) => says(said, pattern) }
}

/** The part of it that the pattern captures, as soon as it is there. */
async function says(said: { text: string }, pattern: RegExp): Promise<string> {
  await until(() => pattern.test(said.text), { timeoutMs: 60_000 }).catch(() => {
    throw new Error(`it never said ${pattern}:\n${said.text}`)
  })
  const [all, part = all] = pattern.exec(said.text) ?? []
  return part ?? ''
}

async function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const answer = await Promise.race([once(socket, 'connect'), once(socket, 'close').then(() => null)]).catch(() => null)
  socket.destroy()
  return answer !== null
}

const urlsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^(?:export )?([A-Z_]+_UR[LI])='?([^'\n]+)'?$/gm)].map(([, name, url]) => [
      name ?? '',
      url ?? '',
    ]),
  )

t.test('dev:servers runs three servers until Ctrl-C and keeps their data for the next time', { skip }, async (t) => {
  await using dir = await tempDir()
  const { log } = captureLog()
  for (const known of [null, 'bitcoin']) {
    const { child, said, exited, says } = start(t, 'servers', { DATA_DIR: dir.path })
    await says(/Ctrl-C/)
    const urls = urlsIn(said.text)
    t.strictSame(Object.keys(urls), ['NATS_URL', 'MONGODB_URI', 'REDIS_URL'])
    for (const url of Object.values(urls)) {
      t.equal(new URL(url).hostname, '127.0.0.1')
      t.ok(await isListening(url), url)
    }
    {
      await using store = await openStore({ url: urls.MONGODB_URI ?? '', log })
      t.equal((await store.quotes.get('bitcoin'))?.coinId ?? null, known)
      await store.quotes.save([quoteOf({ coinId: 'bitcoin' })])
    }
    child.kill('SIGINT')
    t.equal(await exited, 0)
    for (const url of Object.values(urls)) t.notOk(await isListening(url), url)
  }
})

t.test('dev:servers ends, and says which, when one of them does', { skip }, async (t) => {
  await using dir = await tempDir()
  const { said, exited, says } = start(t, 'servers', { DATA_DIR: dir.path })
  await says(/Ctrl-C/)
  const urls = urlsIn(said.text)
  const socket = connect(Number(new URL(urls.REDIS_URL ?? '').port), '127.0.0.1')
  socket.write('SHUTDOWN NOSAVE\r\n')
  t.equal(await exited, 1)
  t.match(said.text, /redis ended by itself/)
  for (const url of Object.values(urls)) t.notOk(await isListening(url), url)
})

t.test('what is not installed is named, with the ways to get it', async (t) => {
  await using dir = await tempDir()
  const { said, exited } = start(t, 'servers', { DATA_DIR: dir.path, PATH: '/nowhere' })
  t.equal(await exited, 1)
  t.ok(said.text.includes(MONGO_SERVER_MISSING))
  t.match(said.text, /redis-server is not on the PATH: apt-get install redis-server, or brew install redis/)
})

const PROCESSES = [
  'alerting-1',
  'alerting-2',
  'gateway-1',
  'ingestion-1',
  'ingestion-2',
  'query-api-1',
  'query-api-2',
  'scoring-1',
  'scoring-2',
  'scoring-3',
]

t.test('dev:distributed runs ten processes, restarts one that dies, and stops all in order', { skip }, async (t) => {
  await using dir = await tempDir()
  await using market = await startMarketReplay({ rows: madeUpRows(30, 5) })
  const { child, said, exited, says } = start(t, 'distributed', {
    DATA_DIR: dir.path,
    MARKET_SOURCES: 'coingecko',
    COINGECKO_URL: market.url,
    COINGECKO_PER_MINUTE: '10000',
  })
  const url = await says(/Crypto Signals at (http:\S+)/)
  const count = async () => {
    const answer = await fetch(`${url}/api/signals`).catch(() => null)
    return answer?.ok ? ((await answer.json()) as any).pagination.total_items : 0
  }
  await until(async () => (await count()) === 30, { timeoutMs: 60_000 })
  const started = [...said.text.matchAll(/^(\S+) +\| started, process (\d+)$/gm)].map(([, name]) => name)
  t.strictSame(new Set(started), new Set(PROCESSES))

  const scorer = Number(await says(/scoring-2 +\| started, process (\d+)/))
  process.kill(scorer, 'SIGKILL')
  await says(/scoring-2 +\| ended by itself \(SIGKILL\), starts again\n(?:.*\n)*?scoring-2 +\| scoring at http/)

  child.kill('SIGINT')
  t.equal(await exited, 0, said.text)
  const stops = [...said.text.matchAll(/^(\S+)-\d +\| stopping/gm)].map(([, service]) => service)
  t.strictSame([...new Set(stops)], ['gateway', 'ingestion', 'scoring', 'alerting', 'query-api'])
  t.equal(stops.length, PROCESSES.length)
  t.notMatch(said.text, /FATAL/)
  for (const address of [url, ...Object.values(urlsIn(said.text))]) t.notOk(await isListening(address), address)
})

t.test('dev:distributed uses the servers it is given, and does not try again what cannot work', { skip }, async (t) => {
  await using dir = await tempDir()
  const env = {
    NATS_URL: 'nats://127.0.0.1:1',
    MONGODB_URI: 'mongodb://127.0.0.1:1/x',
    REDIS_URL: 'redis://127.0.0.1:1',
  }
  const { said, exited } = start(t, 'distributed', { ...env, DATA_DIR: dir.path, RATE_LIMIT_PER_MINUTE: 'many' })
  t.equal(await exited, 1)
  t.strictSame(urlsIn(said.text), {})
  t.match(said.text, /RATE_LIMIT_PER_MINUTE: [\s\S]*the configuration of gateway-1 is not valid/)
})
