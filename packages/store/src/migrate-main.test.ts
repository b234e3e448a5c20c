import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { captureLog, tempDir } from '@crypto-signals/testing'
import t from 'tap'
import { connect } from './mongodb/connection.ts'
import { MIGRATIONS } from './mongodb/migrations.ts'
import { mongoForTests, openWithConnection } from './mongodb/test/mongo.ts'
import { openStore } from './open.ts'
import { MIGRATIONS as FILE_MIGRATIONS } from './sqlite/migrations.ts'

const { skip, freshDatabase } = await mongoForTests()

const MAIN = join(import.meta.dirname, 'migrate-main.ts')

const migrate = (env: Record<string, string>) => ended(spawn(process.execPath, [MAIN], { env }))

async function ended(child: ChildProcess) {
  const { stdout, stderr } = child
  const said = Promise.all([stdout, stderr].map((stream) => text(stream as Readable)))
  const [code, signal] = await once(child, 'close')
  const [out = '', err = ''] = await said
  return { code, signal, out, err }
}

const nameOf = (url: string) => /\/(test_\w+)/.exec(url)?.[1] ?? ''

const NEW = `${MIGRATIONS.length} migrations run, the schema is ${MIGRATIONS.length}\n`
const OLD = `nothing to do, the schema is ${MIGRATIONS.length}\n`

t.test('takes a database to the newest schema once, and the simulated one beside it', { skip }, async (t) => {
  const url = freshDatabase()
  const [name, simulated] = [nameOf(url), `${nameOf(url)}_simulated`]
  t.match(await migrate({ MONGODB_URI: url }), { code: 0, out: `${name}: ${NEW}` })
  t.match(await migrate({ MONGODB_URI: url }), { code: 0, out: `${name}: ${OLD}` })
  const out = `${name}: ${OLD}${simulated}: ${NEW}`
  t.match(await migrate({ MONGODB_URI: url, MARKET_SOURCES: 'simulator' }), { code: 0, out })
  await using opened = await openWithConnection(url, { databaseSuffix: '_simulated' })
  t.equal(await opened.store.alerts.count(), 0)
  await opened.db.dropDatabase()
})

t.test('of two at once one does the work, and both succeed', { skip }, async (t) => {
  const url = freshDatabase()
  const ends = await Promise.all([migrate({ MONGODB_URI: url }), migrate({ MONGODB_URI: url })])
  t.strictSame(
    ends.map(({ code }) => code),
    [0, 0],
  )
  const steps = ends.map(({ out }) => Number(/(\d+) migrations? run/.exec(out)?.[1] ?? 0))
  t.equal(
    steps.reduce((sum, count) => sum + count),
    MIGRATIONS.length,
  )
})

t.test('killed with -9 in the middle, the next run finishes what it began', { skip }, async (t) => {
  const url = freshDatabase()
  const args = ['--input-type=module', '-e', DIES_AT_THE_FOURTH_COLLECTION, MAIN]
  const options = { cwd: import.meta.dirname, env: { MONGODB_URI: url } }
  t.match(await ended(spawn(process.execPath, args, options)), { signal: 'SIGKILL', out: '' })
  const { client, db } = await connect({ url, log: captureLog().log })
  t.match(await db.collection('migrations').findOne(), { version: 0, lease: { until: Number } })
  const next = spawn(process.execPath, [MAIN], { env: { MONGODB_URI: url } })
  const end = ended(next)
  const [warning] = await once(next.stderr, 'data')
  t.match(String(warning), 'another process is migrating the database, or was killed while it did: waiting')
  await db.collection('migrations').updateOne({}, { $set: { 'lease.until': 0 } })
  t.match(await end, { code: 0, out: `${nameOf(url)}: ${NEW}` })
  await client.close()
  await using opened = await openWithConnection(url)
  t.equal((await opened.db.listCollections().toArray()).length, 13)
})

t.test('a database of a newer version is refused, saying so, and left as it is', { skip }, async (t) => {
  const url = freshDatabase()
  await using opened = await openWithConnection(url)
  const version = MIGRATIONS.length + 1
  await opened.db.collection('migrations').updateOne({}, { $set: { version } })
  const err = `cannot migrate: the database is from a newer version: its schema is ${version}, this version knows ${MIGRATIONS.length}\n`
  t.match(await migrate({ MONGODB_URI: url }), { code: 1, out: '', err })
})

t.test('where no server answers it says so in one line, without the password', { skip }, async (t) => {
  const env = {
    MONGODB_URI: 'mongodb://admin:s3cret@127.0.0.1:1/market',
    MONGODB_SERVER_SELECTION_TIMEOUT_MS: '200',
  }
  const { code, out, err } = await migrate(env)
  t.strictSame([code, out], [1, ''])
  t.match(err, /^cannot migrate: the database is not available: .*ECONNREFUSED.*\n$/)
  t.notMatch(err, /s3cret|admin/)
})

t.test('tells of every fault of the configuration at once, and touches nothing', async (t) => {
  await using dir = await tempDir()
  const timeouts = ['soon', '-1', '99', '1e3', '600001']
  for (const address of ['mongodb://u:p@ss@host/db', 'postgres://host/db', 'mongodb://host/?maxPoolSize=many']) {
    for (const timeout of timeouts) {
      const env = { DATA_DIR: dir.path, MONGODB_URI: address, MONGODB_SERVER_SELECTION_TIMEOUT_MS: timeout }
      if (address !== 'postgres://host/db' && timeout !== 'soon') continue
      const { code, out, err } = await migrate(env)
      t.strictSame([code, out], [2, ''])
      t.match(
        err,
        /^the configuration is not valid:\n {2}MONGODB_URI: .*malformed.*\n {2}MONGODB_\w+_MS: must be .*\n$/,
      )
      t.notMatch(err, /p@ss|@ss/)
    }
  }
  const unreadable = await migrate({ DATA_DIR: dir.path, MONGODB_URI_FILE: join(dir.path, 'none') })
  t.match(unreadable, { code: 2, err: /MONGODB_URI_FILE: ENOENT/ })
  t.notOk(existsSync(join(dir.path, 'market.sqlite')))
})

t.test('reads the address from the file that MONGODB_URI_FILE names', { skip }, async (t) => {
  await using dir = await tempDir()
  const url = freshDatabase()
  writeFileSync(join(dir.path, 'uri'), `${url}\n`)
  t.match(await migrate({ MONGODB_URI: '', MONGODB_URI_FILE: join(dir.path, 'uri') }), {
    code: 0,
    out: `${nameOf(url)}: ${NEW}`,
  })
})

t.test('without an address it is the file in DATA_DIR, in a directory that it makes', async (t) => {
  await using dir = await tempDir()
  const env = { DATA_DIR: join(dir.path, 'deep', 'er') }
  const path = join(env.DATA_DIR, 'market.sqlite')
  const done = `${FILE_MIGRATIONS.length} migrations run, the schema is ${FILE_MIGRATIONS.length}\n`
  t.match(await migrate(env), { code: 0, out: `${path}: ${done}`, err: '' })
  t.match(await migrate(env), { code: 0, out: `${path}: nothing to do, the schema is ${FILE_MIGRATIONS.length}\n` })
  const simulated = await migrate({ ...env, MARKET_SOURCES: 'simulator' })
  t.match(simulated, { code: 0, out: `${join(env.DATA_DIR, 'simulated.sqlite')}: ${done}` })

  await using store = await openStore({ dataDir: env.DATA_DIR, file: 'market.sqlite' })
  const busy = `cannot migrate: ${path} is in use by another process\n`
  t.match(await migrate(env), { code: 1, out: '', err: busy })
  await store[Symbol.asyncDispose]()
  using db = new DatabaseSync(path)
  db.exec('PRAGMA user_version = 99')
  db.close()
  t.match(await migrate(env), { code: 1, err: `cannot migrate: ${path} is from a newer version: its schema is 99` })
})

const DIES_AT_THE_FOURTH_COLLECTION = `
  import { Db } from 'mongodb'
  const { createCollection } = Db.prototype
  let count = 0
  Db.prototype.createCollection = async function (...args) {
    if (++count === 4) process.kill(process.pid, 'SIGKILL')
    return createCollection.apply(this, args)
  }
  await import(process.argv[1])
`
