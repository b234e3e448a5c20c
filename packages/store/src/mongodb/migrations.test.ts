import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { alertOf, captureLog, manyQuotes, quoteOf, sourceStatusOf, until } from '@crypto-signals/testing'
import { Binary, type Db } from 'mongodb'
import t from 'tap'
import { coinBarsOf } from '../contract/bars.contract.ts'
import { rowsOf } from '../contract/observations.contract.ts'
import { connect } from './connection.ts'
import { MIGRATIONS, migrate, schemaVersionOf } from './migrations.ts'
import { migrateMongoStore, openMongoStore } from './mongodb-store.ts'
import { mongoForTests, openWithConnection } from './test/mongo.ts'
import { validatorsOf } from './validators.ts'

const { skip, freshDatabase } = await mongoForTests()
const { log } = captureLog()

const LEASE_MS = 600

t.test('what the database checks changes only together with a migration that brings it there', async (t) => {
  const digest = createHash('sha256').update(JSON.stringify(validatorsOf())).digest('hex').slice(0, 16)
  t.strictSame({ digest, migrations: MIGRATIONS.length }, { digest: 'e8a4f35f18fe8eab', migrations: 5 })
})

t.test('replicas that start at once migrate once, and opening again changes nothing', { skip }, async (t) => {
  const url = freshDatabase()
  const { log, lines } = captureLog()
  const migrated = () => lines.filter(({ msg }) => msg === 'database migrated').length
  const replicas = await Promise.all([1, 2, 3].map(() => migrateMongoStore({ url, log })))
  t.equal(
    replicas.reduce((sum, { steps }) => sum + steps, 0),
    MIGRATIONS.length,
  )
  t.equal(migrated(), MIGRATIONS.length)
  await using opened = await openWithConnection(url)
  const before = await stateOf(opened.db)
  t.match(
    before.indexes.triggers.find(({ name }: { name: string }) => name === 'once'),
    { unique: true },
  )
  await opened.store.quotes.save(manyQuotes(3))
  await using again = await openMongoStore({ url, log })
  t.strictSame(await stateOf(opened.db), before)
  t.equal(migrated(), MIGRATIONS.length)
  t.strictSame((await rowsOf(again.quotes.all(10))).length, 3)
})

t.test('a step that was cut off anywhere is made good by running it again', { skip }, async (t) => {
  await using opened = await openWithConnection(freshDatabase())
  const { db } = opened
  const { indexes } = await stateOf(db)
  await db.dropCollection('triggers')
  await db.collection('alerts').dropIndexes()
  await db.collection('migrations').updateOne({}, { $set: { version: 0 } })
  await migrate(db, log)
  t.strictSame((await stateOf(db)).indexes, indexes)
  await t.rejects(db.collection('triggers').insertOne({}), { code: 121 }, 'its validator is there')
})

t.test('a database of the first version gets what the later ones brought, and keeps its data', { skip }, async (t) => {
  await using opened = await openWithConnection(freshDatabase())
  const { db, store } = opened
  const record = { alert: alertOf(), version: 0, seen: null, lastAction: null }
  await store.alerts.create(record)
  const quotes = [quoteOf(BARE), quoteOf({ coinId: 'full', sparkline: [1] })]
  await store.quotes.save(quotes)
  await store.sources.saveUniverse('alpha', quoteOf().observedAt, LISTED)
  await store.sources.saveStatus(sourceStatusOf())
  const indexes = (await stateOf(db)).indexes
  await db.collection('alerts').dropIndex('watching')
  for (const name of ['bars', 'mappings', 'indices', 'scores']) await db.dropCollection(name)
  await db.collection('quotes').updateMany({}, { $unset: { origins: '' } }, { bypassDocumentValidation: true })
  await db.collection('universes').updateMany({}, { $unset: { 'coins.$[].platforms': '' } })
  await db.command({ collMod: 'quotes', validator: {} })
  await db.collection('migrations').updateOne({}, { $set: { version: 1 } })
  for (let run = 0; run < 2; run++) {
    // The second run is as after a kill just before the step was counted.
    await db.collection('migrations').updateOne({}, { $set: { version: run + 1 } })
    t.equal(await migrate(db, log), MIGRATIONS.length - run - 1)
    t.strictSame((await stateOf(db)).indexes, indexes)
    t.strictSame(await rowsOf(store.alerts.watching(['bitcoin'], 10)), [record])
    t.strictSame(await rowsOf(store.quotes.all(10)), [
      quotes[0],
      { ...quotes[1], origins: { range: ORIGIN, volume: ORIGIN, supply: ORIGIN, changes: ORIGIN, sparkline: ORIGIN } },
    ])
    t.strictSame(
      (await store.sources.universe('alpha'))?.coins,
      LISTED.map((coin) => ({ ...coin, platforms: {} })),
    )
    t.strictSame(await store.sources.statuses(), [])
  }
  await t.rejects(store.quotes.save([quoteOf({ coinId: 'new', priceUsd: -1 })]), { code: 'STORE_REFUSED' })
})

t.test('bars of before they had versions are kept, and go on', { skip }, async (t) => {
  await using opened = await openWithConnection(freshDatabase())
  const { db, store } = opened
  const coin = coinBarsOf()
  await store.bars.save([coin])
  await db.command({ collMod: 'bars', validator: {} })
  await db.collection('bars').updateMany({}, { $unset: { version: '' } })
  await db.collection('migrations').updateOne({}, { $set: { version: 3 } })
  t.equal(await migrate(db, log), MIGRATIONS.length - 3)
  t.strictSame(await rowsOf(store.bars.all('5m', 10)), [coin])
  coin.series.close[0] = 7
  await store.bars.save([coin])
  t.strictSame(await rowsOf(store.bars.all('5m', 10)), [coin])
  const { insertedId } = await db
    .collection('bars')
    .insertOne({ packed: new Binary() })
    .catch(() => ({ insertedId: null }))
  t.equal(insertedId, null, 'who writes without a version is refused')
})

const { source, observedAt } = quoteOf()
const ORIGIN = { source, observedAt }
const LISTED = [1, 2].map((id) => ({ id: `${id}`, symbol: '', name: '"猫"', platforms: { ethereum: '0x1' } }))

/** A quote of which nothing is known but the price. */
const BARE = {
  marketCapRank: null,
  marketCapUsd: null,
  volumeUsd24h: null,
  high24hUsd: null,
  low24hUsd: null,
  circulatingSupply: null,
  changePct: { '1h': null, '24h': null, '7d': null, '14d': null, '30d': null, '200d': null, '1y': null },
}

t.test('each step runs once, one process at a time', { skip }, async (t) => {
  await using connected = await connections(freshDatabase(), 3)
  let running = 0
  const ran: number[] = []
  const migrations = [0, 1, 2].map((step) => async (db: Db) => {
    t.equal(++running, 1)
    await db.createCollection(`step_${step}`)
    ran.push(step)
    running--
  })
  await Promise.all(connected.dbs.map((db) => migrate(db, log, { migrations, leaseMs: LEASE_MS })))
  t.strictSame(ran, [0, 1, 2])
})

t.test('a step that takes longer than the lease keeps it', { skip }, async (t) => {
  const url = freshDatabase()
  await using connected = await connections(url, 2)
  const [first, second] = connected.dbs as [Db, Db]
  const started = Promise.withResolvers<void>()
  const long = Promise.withResolvers<void>()
  let runs = 0
  const step = async () => {
    runs++
    started.resolve()
    await long.promise
  }
  const options = { migrations: [step], leaseMs: LEASE_MS }
  const migrated = [migrate(first, log, options)]
  await started.promise
  const heldUntil = async () => (await first.collection('migrations').findOne())?.lease.until
  const taken = await heldUntil()
  migrated.push(migrate(second, log, options))
  await until(async () => (await heldUntil()) > taken + 2 * LEASE_MS)
  long.resolve()
  await Promise.all(migrated)
  t.equal(runs, 1)
})

t.test('a kill -9 inside a step leaves the steps before it, and the next start goes on', { skip }, async (t) => {
  const url = freshDatabase()
  const args = ['--input-type=module', '-e', DIES_IN_A_MIGRATION, import.meta.dirname, url, `${LEASE_MS}`]
  const died = spawnSync(process.execPath, args)
  t.equal(died.signal, 'SIGKILL', String(died.stderr))
  const { client, db } = await connect({ url, log })
  t.equal(await schemaVersionOf(db), 1)
  const steps: number[] = []
  const migrations = [0, 1, 2].map((step) => async () => void steps.push(step))
  await migrate(db, log, { migrations, leaseMs: LEASE_MS })
  t.strictSame(steps, [1, 2])
  t.equal(await schemaVersionOf(db), 3)
  await client.close()
})

t.test('a step that fails is not counted, and the next start runs it again at once', { skip }, async (t) => {
  const { client, db } = await connect({ url: freshDatabase(), log })
  const fails = async () => {
    throw new Error('no')
  }
  await t.rejects(migrate(db, log, { migrations: [async () => {}, fails] }), { message: 'no' })
  t.equal(await schemaVersionOf(db), 1)
  await migrate(db, log, { migrations: [fails, async () => {}] })
  t.equal(await schemaVersionOf(db), 2)
  await client.close()
})

t.test('a database of a newer version, or of something else, is refused and left as it is', { skip }, async (t) => {
  await using newer = await openWithConnection(freshDatabase())
  const version = MIGRATIONS.length + 1
  await newer.db.collection('migrations').updateOne({}, { $set: { version } })
  const refusal = { name: 'StoreError', code: 'STORE_MISCONFIGURED' }
  const message = `the database is from a newer version: its schema is ${version}, this version knows ${MIGRATIONS.length}`
  await t.rejects(migrate(newer.db, log), { ...refusal, message })

  const { client, db } = await connect({ url: freshDatabase(), log })
  await db.collection('alerts').insertOne({ siren: true })
  await t.rejects(migrate(db, log), { ...refusal, message: /has a collection alerts that is not ours/ })
  t.strictSame(
    (await db.listCollections().toArray()).map(({ name }) => name),
    ['alerts'],
  )
  await client.close()
})

async function connections(url: string, count: number) {
  const opened = await Promise.all(Array.from({ length: count }, () => connect({ url, log })))
  return {
    dbs: opened.map(({ db }) => db),
    [Symbol.asyncDispose]: async () => void (await Promise.all(opened.map(({ client }) => client.close()))),
  }
}

async function stateOf(db: Db) {
  const collections = (await db.listCollections().toArray()).sort((a, b) => (a.name < b.name ? -1 : 1))
  const indexes = collections.map(async ({ name }) => [name, await db.collection(name).indexes()])
  return {
    collections,
    indexes: Object.fromEntries(await Promise.all(indexes)),
    schema: await db.collection('migrations').find().toArray(),
  }
}

const DIES_IN_A_MIGRATION = `
  const [, directory, url, leaseMs] = process.argv
  const { connect } = await import(directory + '/connection.ts')
  const { migrate } = await import(directory + '/migrations.ts')
  const log = { info() {}, warn() {} }
  const { db } = await connect({ url, log })
  const die = async (db) => {
    await db.createCollection('half')
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})
  }
  await migrate(db, log, { migrations: [async () => {}, die], leaseMs: Number(leaseMs) })
`
