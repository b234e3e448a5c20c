import { join } from 'node:path'
import type { Logger } from 'pino'
import type { MongoOptions } from './mongodb/connection.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

interface DataFile {
  /** The directory of the embedded store; made if it is not there. */
  dataDir: string
  /** The name of the data file in it. */
  file: string
}

/** The address decides: where it is unset, the data are in the file. */
export type StoreOptions =
  | (DataFile & { url?: undefined })
  | MongoOptions
  | (DataFile & Omit<MongoOptions, 'url'> & { url: string | undefined })

/** The system of record, checked and migrated; rejects, saying where, when it is not ours, newer than we are, damaged or out of reach. */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (!isOnServer(options)) return openSqliteStore(join(options.dataDir, options.file))
  // Loaded only where it is used: the driver takes memory and time to start.
  const { openMongoStore } = await import('./mongodb/mongodb-store.ts')
  return await openMongoStore(options)
}

/** Brings the database on a server up to date; safe to run twice, and at once on several machines. */
export async function migrateStore(url: string, log: Logger): Promise<void> {
  const { migrateStore: migrate } = await import('./mongodb/mongodb-store.ts')
  await migrate(url, log)
}

const isOnServer = (options: StoreOptions): options is MongoOptions => options.url !== undefined
