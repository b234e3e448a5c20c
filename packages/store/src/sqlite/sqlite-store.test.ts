import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { alertOf, manyQuotes, quoteOf, tempDir } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { type Acknowledged, DATA_FILE, startWriter } from '../../test/killable-writer.ts'
import { rowsOf } from '../contract/observations.contract.ts'
import { coinScoresOf } from '../contract/scores.contract.ts'
import { openStore } from '../open.ts'
import { storeContract } from '../store.contract.ts'
import { openDatabase } from './database.ts'
import { withFailures } from './failures.ts'
import { MIGRATIONS, migrate, schemaVersionOf } from './migrations.ts'
import { pingOf } from './ping.ts'
import { transaction } from './transaction.ts'

const KILLS = 6
const COPIES = 20

storeContract('sqlite', (dataDir) => openStore({ dataDir, file: 'test.sqlite' }))

t.test('what was acknowledged before a kill -9 is there, and nothing is half-written', async (t) => {
  await using dir = await tempDir()
  for (let kill = 0; kill < KILLS; kill++) {
    await using writer = startWriter(dir.path)
    await writer.writes()
    await writer.kill()
    t.ok(writer.acknowledged.quotes > 0)
    await isWhole(t, dir.path, writer.acknowledged)
  }
})

const skip = existsSync('/proc/self/stat') ? false : 'needs /proc to know when a process stands still'

t.test('a copy of the files, taken at any moment while they are written, is whole', { skip }, async (t) => {
  await using dir = await tempDir()
  await using writer = startWriter(dir.path)
  for (let copy = 0; copy < COPIES; copy++) {
    await using to = await tempDir()
    await writer.writes()
    await isWhole(t, to.path, await writer.copyTo(to.path))
  }
})

t.test('a kill -9 inside a migration leaves the steps before it, and the next start goes on', async (t) => {
  await using dir = await tempDir()
  const path = join(dir.path, 'test.sqlite')
  const died = spawnSync(process.execPath, [
    '--input-type=module',
    '-e',
    DIES_IN_A_MIGRATION,
    import.meta.dirname,
    path,
  ])
  t.equal(died.signal, 'SIGKILL', String(died.stderr))
  using db = new DatabaseSync(path)
  t.equal(schemaVersionOf(db), 1)
  migrate(db, ['SELECT fail()', 'CREATE TABLE second (a); INSERT INTO second VALUES (1)'])
  t.equal(schemaVersionOf(db), 2)
  t.strictSame({ ...db.prepare('SELECT count(*) AS rows FROM second').get() }, { rows: 1 })
})

t.test('a migration that fails leaves nothing of itself, and none runs twice', async (t) => {
  await using dir = await tempDir()
  using db = new DatabaseSync(join(dir.path, 'test.sqlite'))
  t.throws(() => migrate(db, ['CREATE TABLE first (a)', 'CREATE TABLE second (a); SELECT fail()']), /no such function/)
  t.equal(schemaVersionOf(db), 1)
  for (let start = 0; start < 2; start++) migrate(db, ['CREATE TABLE first (a)', 'CREATE TABLE second (b)'])
  t.equal(schemaVersionOf(db), 2)
})

t.test('a file of the second version gets origins and platforms, and keeps its data', async (t) => {
  await using dir = await tempDir()
  const where = { dataDir: dir.path, file: 'test.sqlite' }
  const quotes = [
    quoteOf({ coinId: 'a', changePct: NO_CHANGES, high24hUsd: null, volumeUsd24h: 0, sparkline: [1] }),
    quoteOf({ coinId: 'b', changePct: { ...NO_CHANGES, '30d': 0 }, high24hUsd: null, low24hUsd: null, ...NO_SUPPLY }),
    quoteOf({ coinId: 'c', changePct: NO_CHANGES, volumeUsd24h: null, priceUsd: 0.1 + 0.2 }),
  ]
  const listed = [1, 2].map((id) => ({ id: `${id}`, symbol: '"', name: '猫' }))
  using db = new DatabaseSync(join(dir.path, where.file))
  migrate(db, MIGRATIONS.slice(0, 2))
  const insert = db.prepare(`INSERT INTO quotes VALUES (?, '', '', ?, ?)`)
  for (const { sparkline, origins: _, ...quote } of quotes) {
    const blob = sparkline === null ? null : Float64Array.from(sparkline)
    insert.run(quote.coinId, JSON.stringify({ ...quote, sparkline: null }), blob)
  }
  db.prepare(`INSERT INTO universes VALUES ('alpha', '', ?), ('none', '', '[]')`).run(JSON.stringify(listed))
  db.exec(`INSERT INTO statuses VALUES ('alpha', '{}')`)
  db.close()
  await using store = await openStore(where)
  const { source, observedAt } = quoteOf()
  const [some, none] = [{ source, observedAt }, null]
  t.strictSame(await rowsOf(store.quotes.all(10)), [
    { ...quotes[0], origins: { range: some, volume: some, supply: some, changes: none, sparkline: some } },
    { ...quotes[1], origins: { range: none, volume: some, supply: none, changes: some, sparkline: none } },
    { ...quotes[2], origins: { range: some, volume: none, supply: some, changes: none, sparkline: none } },
  ])
  const coins = listed.map((coin) => ({ ...coin, platforms: {} }))
  t.strictSame(await store.sources.universe('alpha'), { listedAt: '', coins })
  t.strictSame((await store.sources.universe('none'))?.coins, [])
  t.strictSame(await store.sources.statuses(), [])
})

t.test('opening again changes nothing of the file', async (t) => {
  await using dir = await tempDir()
  const where = { dataDir: dir.path, file: 'test.sqlite' }
  const contents: Buffer[] = []
  for (let start = 0; start < 3; start++) {
    await using store = await openStore(where)
    await store.alerts.count()
    await store[Symbol.asyncDispose]()
    contents.push(await readFile(join(dir.path, where.file)))
  }
  t.ok(contents.every((content) => content.equals(contents[0] ?? Buffer.of())))
})

t.test('alerts and budgets are on the disk before they are acknowledged; market data may follow', async (t) => {
  await using dir = await tempDir()
  const database = openDatabase(join(dir.path, 'test.sqlite'))
  const settings = (db: DatabaseSync) =>
    ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map(
      (name) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0],
    )
  const [full, normal] = [2, 1]
  t.strictSame(settings(database.ledger), ['wal', full, 1, 50])
  t.strictSame(settings(database.market), ['wal', normal, 1, 50])
  database.close()
})

t.test('closing leaves one file, which holds everything', async (t) => {
  await using dir = await tempDir()
  const path = join(dir.path, 'deep', 'er', 'test.sqlite')
  await using store = await openStore({ dataDir: join(dir.path, 'deep', 'er'), file: 'test.sqlite' })
  await store.quotes.save(manyQuotes(10))
  t.equal(existsSync(`${path}-wal`), true)
  await store[Symbol.asyncDispose]()
  t.equal(existsSync(`${path}-wal`), false)
  using db = new DatabaseSync(path)
  t.equal(db.prepare('SELECT count(*) AS rows FROM quotes').get()?.rows, 10)
})

t.test('a bar is 24 bytes as the README says', async (t) => {
  await using dir = await tempDir()
  await using store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  const series = {
    openedAtMs: Float64Array.of(300_000 * 7, 300_000 * 9),
    open: Float32Array.of(1, 6),
    high: Float32Array.of(2, 7),
    low: Float32Array.of(3, 8),
    close: Float32Array.of(4, 9),
    volumeUsd: Float32Array.of(Number.NaN, 5),
    filled: Uint8Array.of(0, 1),
  }
  await store.bars.save([{ coinId: 'a', interval: '5m', series }])
  using db = new DatabaseSync(join(dir.path, 'test.sqlite'))
  const packed = db.prepare('SELECT packed FROM bars').get()?.packed as Uint8Array
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const barAt = (at: number) => [
    view.getUint32(at, true),
    ...[4, 8, 12, 16, 20].map((offset) => view.getFloat32(at + offset, true)),
  ]
  t.equal(packed.byteLength, 48)
  t.strictSame(barAt(0), [7, 1, 2, 3, 4, Number.NaN])
  t.strictSame(barAt(24), [9 + 2 ** 31, 6, 7, 8, 9, 5])
})

t.test('a backup made while the store is open can be opened in its place', async (t) => {
  await using dir = await tempDir()
  await using store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  await store.quotes.save(manyQuotes(10))
  await store.alerts.create({ alert: alertOf(), version: 0, seen: null, lastAction: null })
  using db = new DatabaseSync(join(dir.path, 'test.sqlite'))
  db.prepare('VACUUM INTO ?').run(join(dir.path, 'backup.sqlite'))
  await using backup = await openStore({ dataDir: dir.path, file: 'backup.sqlite' })
  t.strictSame(await rowsOf(backup.quotes.all(100)), await rowsOf(store.quotes.all(100)))
  t.strictSame(await rowsOf(backup.alerts.all(100)), await rowsOf(store.alerts.all(100)))
})

t.test('a file that is not ours is refused by name and left as it is', async (t) => {
  await using dir = await tempDir()
  using other = new DatabaseSync(join(dir.path, 'other.sqlite'))
  other.exec('CREATE TABLE quotes (a)')
  other.close()
  await writeFile(join(dir.path, 'short.txt'), 'hello')
  await writeFile(join(dir.path, 'long.txt'), 'hello'.repeat(10_000))
  for (const file of ['other.sqlite', 'short.txt', 'long.txt']) {
    const path = join(dir.path, file)
    const before = await readFile(path)
    const message = `${path} is not a Crypto Signals data file`
    await t.rejects(openStore({ dataDir: dir.path, file }), { message })
    t.ok((await readFile(path)).equals(before))
  }
})

t.test('a file of a newer version is refused by name and version', async (t) => {
  await using dir = await tempDir()
  const where = { dataDir: dir.path, file: 'test.sqlite' }
  await (await openStore(where))[Symbol.asyncDispose]()
  using db = new DatabaseSync(join(dir.path, where.file))
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`)
  const message = `${join(dir.path, where.file)} is from a newer version: its schema is ${MIGRATIONS.length + 1}, this version knows ${MIGRATIONS.length}`
  await t.rejects(openStore(where), { message })
})

t.test('a damaged file and one that cannot be opened are refused by name', async (t) => {
  await using dir = await tempDir()
  const where = { dataDir: dir.path, file: 'test.sqlite' }
  await using store = await openStore(where)
  await store.quotes.save(manyQuotes(100))
  await store[Symbol.asyncDispose]()
  await using file = await open(join(dir.path, where.file), 'r+')
  for (let page = 1; page < 60; page++) await file.write(Buffer.alloc(100, 0xff), 0, 100, page * 4096)
  await t.rejects(openStore(where), {
    message: `${join(dir.path, where.file)} is damaged: move it away, and put a backup in its place if there is one`,
  })
  await mkdir(join(dir.path, 'directory'))
  const message = `${join(dir.path, 'directory')} cannot be opened: unable to open database file`
  await t.rejects(openStore({ dataDir: dir.path, file: 'directory' }), { message })
})

t.test('a batch that SQLite refuses half-way leaves nothing', async (t) => {
  await using dir = await tempDir()
  await using store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  const unwritable = quoteOf({ coinId: 'b', observedAt: null as unknown as string })
  await t.rejects(store.quotes.save([quoteOf({ coinId: 'a' }), unwritable]), /NOT NULL constraint failed/)
  t.strictSame(await rowsOf(store.quotes.all(10)), [])
})

t.test('a transaction fails with its own error, also when SQLite has already rolled back', async (t) => {
  await using dir = await tempDir()
  using db = new DatabaseSync(join(dir.path, 'test.sqlite'))
  db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY) STRICT; INSERT INTO rows VALUES (1)')
  const insert = (conflict: string) => () =>
    transaction(db, () => {
      db.exec('INSERT INTO rows VALUES (2)')
      db.exec(`INSERT OR ${conflict} INTO rows VALUES (1)`)
    })
  for (const conflict of ['ABORT', 'ROLLBACK']) t.throws(insert(conflict), /UNIQUE constraint failed: rows.id/)
  t.strictSame(db.prepare('SELECT id FROM rows').all().length, 1)
})

t.test('a file in use by another process is refused by name, until that process is gone', async (t) => {
  await using dir = await tempDir()
  await using writer = startWriter(dir.path)
  await writer.writes()
  const where = { dataDir: dir.path, file: DATA_FILE }
  const path = join(dir.path, DATA_FILE)
  const refusal = { name: 'StoreError', code: 'STORE_MISCONFIGURED', message: `${path} is in use by another process` }
  await t.rejects(openStore(where), refusal)
  using outside = new DatabaseSync(path)
  t.equal(outside.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok', 'tools can read it')
  await writer.kill()
  await using store = await openStore(where)
  await t.resolves(store.ping())
})

t.test('stores of one process share a file, and the last to close gives it free', async (t) => {
  await using dir = await tempDir()
  const where = { dataDir: dir.path, file: 'test.sqlite' }
  const opened = () => spawnSync(process.execPath, ['--input-type=module', '-e', OPENS, OPEN, dir.path]).status === 0
  await using first = await openStore(where)
  await using second = await openStore(where)
  for (let time = 0; time < 2; time++) await first[Symbol.asyncDispose]()
  t.notOk(opened())
  await second[Symbol.asyncDispose]()
  t.ok(opened())
})

t.test('a call while a tool writes fails as unavailable, and works again when it is done', async (t) => {
  await using dir = await tempDir()
  await using store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  const path = join(dir.path, 'test.sqlite')
  using tool = new DatabaseSync(path)
  tool.exec('BEGIN IMMEDIATE')
  const unavailable = {
    name: 'StoreError',
    code: 'STORE_UNAVAILABLE',
    statusCode: 503,
    message: `${path} is not available: database is locked`,
    cause: { errcode: 5 },
  }
  await t.rejects(store.ping(), unavailable)
  await t.rejects(store.quotes.save(manyQuotes(10)), unavailable)
  await t.rejects(store.alerts.remove('none'), unavailable)
  await t.rejects(store.budgets.block('alpha', START), unavailable)
  await t.rejects(store.sources.saveUniverse('alpha', quoteOf().observedAt, []), unavailable)
  t.strictSame(await rowsOf(store.quotes.all(10)), [], 'reading goes on')
  tool.exec('ROLLBACK')
  await t.resolves(store.ping())
  await t.resolves(store.quotes.save(manyQuotes(10)))
})

t.test('rows that cannot be read fail as unavailable', async (t) => {
  const path = 'test.sqlite'
  const failing = (errcode: number) =>
    withFailures(path, {
      all: async function* (): AsyncGenerator<string[]> {
        yield []
        throw Object.assign(new Error('failed'), { errcode })
      },
    }).all()
  const [readFailed, refused] = [266, 19]
  await t.rejects(rowsOf(failing(readFailed)), { code: 'STORE_UNAVAILABLE', cause: { errcode: readFailed } })
  await t.rejects(rowsOf(failing(refused)), { name: 'Error', errcode: refused })
})

const LIMITER = 'prlimit'
const noLimits = spawnSync(LIMITER, ['--version']).status === 0 ? false : 'needs prlimit to fill the disk'

t.test('a ping fails while the disk takes no more, and works again when it does', { skip: noLimits }, async (t) => {
  await using dir = await tempDir()
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', RUNS_FULL, OPEN, dir.path, LIMITER])
  t.equal(ran.status, 0, String(ran.stderr))
  t.strictSame(String(ran.stdout).split(' '), ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'well'])
})

t.test('of the pings of a second only one writes', async (t) => {
  await using dir = await tempDir()
  const path = join(dir.path, 'test.sqlite')
  const database = openDatabase(path)
  let elapsedMs = 0
  const ping = pingOf([database.ledger], () => elapsedMs)
  const growth = () => {
    const before = statSync(`${path}-wal`).size
    ping()
    return statSync(`${path}-wal`).size - before
  }
  t.ok(growth() > 0)
  elapsedMs = 999
  t.equal(growth(), 0)
  elapsedMs = 1_000
  t.ok(growth() > 0)
  database.close()
})

const NO_CHANGES = { '1h': null, '24h': null, '7d': null, '14d': null, '30d': null, '200d': null, '1y': null }
const NO_SUPPLY = { circulatingSupply: null, marketCapUsd: null, marketCapRank: null }

const OPEN = new URL('../open.ts', import.meta.url).href

const OPENS = `
  const [, open, dataDir] = process.argv
  const { openStore } = await import(open)
  await openStore({ dataDir, file: 'test.sqlite' })
`

const RUNS_FULL = `
  import { spawnSync } from 'node:child_process'
  const [, open, dataDir, limiter] = process.argv
  const { openStore } = await import(open)
  const store = await openStore({ dataDir, file: 'test.sqlite' })
  const largestFile = (bytes) => spawnSync(limiter, ['--pid', String(process.pid), '--fsize=' + bytes + ':'])
  const ping = () => store.ping().then(() => 'well', ({ code }) => code)
  largestFile(0)
  const answers = [await ping(), await ping()]
  largestFile('unlimited')
  process.stdout.write([...answers, await ping()].join(' '))
`

const DIES_IN_A_MIGRATION = `
  import { DatabaseSync } from 'node:sqlite'
  const [, directory, path] = process.argv
  const { migrate } = await import(directory + '/migrations.ts')
  const db = new DatabaseSync(path)
  db.function('die', () => void process.kill(process.pid, 'SIGKILL'))
  migrate(db, ['CREATE TABLE first (a)', 'CREATE TABLE second (b); SELECT die()'])
`

/** What the writer wrote is there up to what was acknowledged, and each round of it as a whole. */
async function isWhole(t: Test, dataDir: string, acknowledged: Acknowledged): Promise<void> {
  using db = new DatabaseSync(join(dataDir, DATA_FILE))
  t.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
  await using store = await openStore({ dataDir, file: DATA_FILE })
  const quotes = await rowsOf(store.quotes.all(100))
  const [round = 0] = quotes.map(({ priceUsd }) => priceUsd ?? 0)
  t.ok(round >= acknowledged.quotes, 'no quote is lost')
  t.ok(quotes.every(({ priceUsd, sparkline }) => priceUsd === round && sparkline?.every((point) => point === round)))
  const scored = (await rowsOf(store.signals.all(100))).flatMap(({ signals }) => signals.map(({ price }) => price ?? 0))
  t.equal(new Set(scored).size, Math.min(scored.length, 1))
  t.ok((scored[0] ?? 0) >= acknowledged.signals, 'no signal is lost')
  const last = await Promise.all(
    quotes.map(async ({ coinId }) => (await store.scores.of(coinId, '1h')).at(-1)?.at ?? ''),
  )
  t.equal(new Set(last).size, 1)
  t.ok(acknowledged.scores === 0 || (last[0] ?? '') >= (coinScoresOf({}, [acknowledged.scores]).points[0]?.at ?? ''))
  const version = (await store.alerts.get(alertOf().alertId))?.version ?? 0
  const firings = await store.alerts.triggered({ offset: 0, limit: 100_000 })
  t.ok(version >= acknowledged.firings, 'no firing is lost')
  t.strictSame(
    firings.rows.map(({ sequence }) => sequence),
    Array.from({ length: version }, (_, index) => version - index),
  )
  t.ok((await store.budgets.usage('alpha', START)).monthUsed >= acknowledged.calls, 'no call is lost')
}

const START = Date.parse(quoteOf().observedAt)
