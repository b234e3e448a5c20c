import { join } from 'node:path'
import type { MongoOptions } from './mongodb/connection.ts'
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
  // Each is loaded only where it is used: a driver takes memory and time to start, and not every host has both.
  if (!isOnServer(options)) {
    const { openSqliteStore } = await import('./sqlite/sqlite-store.ts')
    return openSqliteStore(join(options.dataDir, options.file))
  }
  const { openMongoStore } = await import('./mongodb/mongodb-store.ts')
  return await openMongoStore(options)
}

/** What bringing data to the newest schema came to. */
export interface Migrated {
  /** The file or the database. */
  where: string
  /** How many migrations this call ran; none where there was nothing to do, or another process was quicker. */
  steps: number
  schema: number
}

/** Brings data to the newest schema, as opening them also does; safe to run twice, and at once on several machines. Rejects as `openStore` does. */
export async function migrateStore(options: StoreOptions): Promise<Migrated> {
  if (!isOnServer(options)) {
    const { migrateSqliteStore } = await import('./sqlite/sqlite-store.ts')
    return migrateSqliteStore(join(options.dataDir, options.file))
  }
  const { migrateMongoStore } = await import('./mongodb/mongodb-store.ts')
  return await migrateMongoStore(options)
}

const isOnServer = (options: StoreOptions): options is MongoOptions => options.url !== undefined
