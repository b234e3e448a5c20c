import type { Logger } from 'pino'
import type { Store } from '../store.ts'
import { alertStore } from './alerts.ts'
import { budgetStore } from './budgets.ts'
import { call, storeErrorOf, WITHIN } from './call.ts'
import { type Connection, connect, type MongoOptions } from './connection.ts'
import { migrate } from './migrations.ts'
import { quoteStore } from './quotes.ts'
import { signalStore } from './signals.ts'
import { sourceStore } from './sources.ts'

/** A store in a MongoDB database, migrated if need be. */
export async function openMongoStore(options: MongoOptions): Promise<Store> {
  return storeOn(await migrated(options))
}

/** Takes a database to the newest schema, which opening a store also does; rejects with a `StoreError`. */
export async function migrateStore(url: string, log: Logger): Promise<void> {
  const { client } = await migrated({ url, log })
  await client.close()
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
    ping: async () => void (await call(() => db.command({ ping: 1, ...WITHIN }))),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function migrated(options: MongoOptions): Promise<Connection> {
  const connection = await connect(options)
  try {
    await migrate(connection.db, options.log)
    return connection
  } catch (error) {
    await connection.client.close()
    throw storeErrorOf(error)
  }
}
