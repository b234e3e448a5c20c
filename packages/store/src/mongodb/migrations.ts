import { setTimeout } from 'node:timers/promises'
import type { Db, Document, IndexDescription } from 'mongodb'
import { MongoServerError } from 'mongodb'
import type { Logger } from 'pino'
import { StoreError } from '../store-error.ts'
import { call, isDuplicate, WITHIN } from './call.ts'
import { type SchemaDoc, takeLease } from './lease.ts'
import { validatorsOf } from './validators.ts'

/** A step; it may be cut off anywhere and run again. */
export type Migration = (db: Db, log: Logger) => Promise<void>

/** The steps from an empty database to today's, in order. One that has been released is never changed again. */
export const MIGRATIONS: readonly Migration[] = [
  createCollections,
  indexWatchedCoins,
  addOrigins,
  addBarVersions,
  // Scores, of which there are none before.
  createCollections,
]

interface MigrateOptions {
  migrations?: readonly Migration[]
  leaseMs?: number
}

/**
 * Takes the database through the steps it has not seen; of several processes one does so and the others wait. Resolves to
 * how many steps this one took. Rejects when the database is not ours, is from a newer version, or another process takes
 * too long over it.
 */
export async function migrate(
  db: Db,
  log: Logger,
  { migrations = MIGRATIONS, leaseMs = 15_000 }: MigrateOptions = {},
): Promise<number> {
  await assertOurs(db)
  const schema = db.collection<SchemaDoc>(SCHEMA)
  const deadline = performance.now() + WAIT_LIMIT_MS
  let [steps, waiting] = [0, false]
  while ((await schemaVersionOf(db)) < migrations.length) {
    await using lease = await takeLease(schema, leaseMs)
    if (lease === null) {
      if (performance.now() > deadline) throw new StoreError('STORE_UNAVAILABLE', 'another process is still migrating')
      if (!waiting) log.warn('another process is migrating the database, or was killed while it did: waiting')
      waiting = true
      await setTimeout(POLL_MS)
      continue
    }
    for (let version = await schemaVersionOf(db); version < migrations.length; version++) {
      await migrations[version]?.(db, log)
      if (!(await lease.stepTo(version + 1))) break
      steps++
      log.info({ version: version + 1 }, 'database migrated')
    }
  }
  assertKnown(await schemaVersionOf(db), migrations.length)
  return steps
}

/** How many steps the database has seen. */
export async function schemaVersionOf(db: Db): Promise<number> {
  const doc = await call(() => db.collection<SchemaDoc>(SCHEMA).findOne({ _id: 'schema' }, WITHIN))
  return doc?.version ?? 0
}

const SCHEMA = 'migrations'

const WAIT_LIMIT_MS = 120_000
const POLL_MS = 100

/** A new database gets our mark before anything else. */
async function assertOurs(db: Db): Promise<void> {
  const names = (await call(() => db.listCollections({}, { nameOnly: true, ...WITHIN }).toArray())).map(
    ({ name }) => name,
  )
  if (names.includes(SCHEMA)) return
  const foreign = Object.keys(INDEXES).filter((name) => names.includes(name))
  if (foreign.length > 0) {
    const what = `the database ${db.databaseName} belongs to something else: it has a collection ${foreign[0]} that is not ours`
    throw new StoreError('STORE_MISCONFIGURED', what)
  }
  await call(() =>
    db.collection<SchemaDoc>(SCHEMA).insertOne({ _id: 'schema', version: 0, lease: null }, WITHIN),
  ).catch((error: Error) => {
    if (!isDuplicate(error.cause)) throw error
  })
}

function assertKnown(version: number, known: number): void {
  if (version <= known) return
  const what = `the database is from a newer version: its schema is ${version}, this version knows ${known}`
  throw new StoreError('STORE_MISCONFIGURED', what)
}

/** One for each query that is not by `_id`. */
const INDEXES: Record<string, IndexDescription[]> = {
  quotes: [],
  signals: [],
  statuses: [],
  universes: [],
  sweeps: [],
  budgets: [],
  bars: [],
  scores: [],
  mappings: [],
  indices: [],
  alerts: [
    { name: 'by_age', key: { 'alert.createdAt': -1, _id: -1 } },
    { name: 'by_coin', key: { 'alert.coinId': 1, 'alert.createdAt': -1, _id: -1 } },
    { name: 'pending', key: { 'pending.triggerId': 1 }, sparse: true },
  ],
  triggers: [
    { name: 'once', key: { alertId: 1, sequence: 1 }, unique: true },
    { name: 'by_age', key: { triggeredAt: -1, _id: -1 } },
    { name: 'by_alert', key: { alertId: 1, triggeredAt: -1, _id: -1 } },
    { name: 'unpublished', key: { published: 1, triggeredAt: 1, sequence: 1, _id: 1 } },
  ],
}

async function createCollections(db: Db, log: Logger): Promise<void> {
  const validators = validatorsOf()
  for (const [name, indexes] of Object.entries(INDEXES)) {
    await createCollection(db, name, validators[name], log)
    if (indexes.length > 0) await call(() => db.collection(name).createIndexes(indexes), STEP_LIMIT_MS)
  }
}

/** To read the rules of a coin in the order of their ids, a page after the other. */
async function indexWatchedCoins(db: Db): Promise<void> {
  const watching = { name: 'watching', key: { 'alert.coinId': 1, _id: 1 } } as const
  await call(() => db.collection('alerts').createIndexes([watching]), STEP_LIMIT_MS)
}

/** Bars, mappings and indices; and quotes tell of each part where it came from, coins their contracts. */
async function addOrigins(db: Db, log: Logger): Promise<void> {
  await createCollections(db, log)
  const lacking = (field: string) => ({ [field]: { $exists: false } })
  const update = (name: string, filter: Document, set: Document) =>
    call(
      () => db.collection(name).updateMany(filter, [{ $set: set }], { bypassDocumentValidation: true }),
      STEP_LIMIT_MS,
    )
  await update('quotes', lacking('origins'), { origins: originsOfOneSource() })
  const coins = { $map: { input: '$coins', in: { $mergeObjects: [{ platforms: { $literal: {} } }, '$$this'] } } }
  await update('universes', {}, { coins })
  // Their form is another one now, and a source writes its status anew as soon as it is asked.
  await call(() => db.collection('statuses').deleteMany({}), STEP_LIMIT_MS)
  for (const [name, schema] of Object.entries(validatorsOf())) await renewValidator(db, name, schema, log)
}

/** Bars are written over the version they were made of. Who still writes without one is refused: two such lose what the other wrote. */
async function addBarVersions(db: Db, log: Logger): Promise<void> {
  const [filter, options] = [{ version: { $exists: false } }, { bypassDocumentValidation: true }]
  await call(() => db.collection('bars').updateMany(filter, { $set: { version: 1 } }, options), STEP_LIMIT_MS)
  const { bars } = validatorsOf()
  if (bars !== undefined) await renewValidator(db, 'bars', bars, log)
}

/** The origins of a quote that had one source for everything: null where nothing of a part is known. */
function originsOfOneSource(): Document {
  const origin = { source: '$source', observedAt: '$observedAt' }
  const originIf = (...values: string[]) => {
    const known = values.map((value) => ({ $ne: [{ $ifNull: [`$${value}`, null] }, null] }))
    return { $cond: [{ $or: known }, origin, null] }
  }
  const spans = ['1h', '24h', '7d', '14d', '30d', '200d', '1y']
  return {
    range: originIf('high24hUsd', 'low24hUsd'),
    volume: originIf('volumeUsd24h'),
    supply: originIf('circulatingSupply', 'marketCapUsd', 'marketCapRank'),
    changes: originIf(...spans.map((span) => `changePct.${span}`)),
    sparkline: originIf('sparkline'),
  }
}

// An index or a change of what is there already takes its time.
const STEP_LIMIT_MS = 600_000

async function createCollection(db: Db, name: string, schema: Document | undefined, log: Logger): Promise<void> {
  const validation = schema === undefined ? {} : { validator: { $jsonSchema: schema } }
  try {
    await db.createCollection(name, { ...validation, ...WITHIN })
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error
    if (error.code === NAMESPACE_EXISTS) return
    if (schema === undefined || !NOT_SUPPORTED.has(Number(error.code))) throw error
    log.warn({ collection: name, reason: error.message }, CANNOT_CHECK)
    await createCollection(db, name, undefined, log)
  }
}

async function renewValidator(db: Db, name: string, schema: Document, log: Logger): Promise<void> {
  try {
    await db.command({ collMod: name, validator: { $jsonSchema: schema }, ...WITHIN })
  } catch (error) {
    if (!(error instanceof MongoServerError) || !NOT_SUPPORTED.has(Number(error.code))) throw error
    log.warn({ collection: name, reason: error.message }, CANNOT_CHECK)
  }
}

const NAMESPACE_EXISTS = 48

const CANNOT_CHECK = 'the database cannot check documents by a schema'

// Servers that speak MongoDB's protocol without its schemas: bad value, failed to parse, command not supported, not implemented.
const NOT_SUPPORTED = new Set([2, 9, 115, 238])
