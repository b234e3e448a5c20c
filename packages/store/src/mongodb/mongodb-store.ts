import type { Store } from '../store.ts'
import { alertStore } from './alerts.ts'
import { barStore } from './bars.ts'
import { budgetStore } from './budgets.ts'
import { call, storeErrorOf, WITHIN } from './call.ts'
import { type Connection, connect, type MongoOptions } from './connection.ts'
import { mappingStore } from './mappings.ts'
import { MIGRATIONS, migrate } from './migrations.ts'
import { quoteStore } from './quotes.ts'
import { scoreStore } from './scores.ts'
import { signalStore } from './signals.ts'
import { sourceStore } from './sources.ts'

/** A store in a MongoDB database, migrated if need be. */
export async function openMongoStore(options: MongoOptions): Promise<Store> {
  return storeOn(await migrated(options))
}

/** Takes a database to the newest schema, which opening a store also does; rejects with a `StoreError`. */
export async function migrateMongoStore(options: MongoOptions) {
  const { client, db, steps } = await migrated(options)
  await client.close()
  return { where: db.databaseName, steps, schema: MIGRATIONS.length }
}

/** The store on a database that has been migrated. */
export function storeOn({ client, db }: Connection): Store {
  return {
    adapter: 'mongodb',
    quotes: quoteStore(db),
    signals: signalStore(db),
    sources: sourceStore(db),
    alerts: alertStore(db),
    budgets: budgetStore(db),
    bars: barStore(db),
    scores: scoreStore(db),
    mappings: mappingStore(db),
    ping: async () => void (await call(() => db.command({ ping: 1, ...WITHIN }))),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function migrated(options: MongoOptions): Promise<Connection & { steps: number }> {
  const connection = await connect(options)
  try {
    return { ...connection, steps: await migrate(connection.db, options.log) }
  } catch (error) {
    await connection.client.close()
    throw storeErrorOf(error)
  }
}
