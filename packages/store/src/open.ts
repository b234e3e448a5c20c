import { join } from 'node:path'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

export interface StoreOptions {
  /** The directory of the embedded store; made if it is not there. */
  dataDir: string
  /** The name of the data file in it. */
  file: string
}

/** The system of record, checked and migrated; rejects, naming the file, when that file is not ours, newer than we are, or damaged. */
export async function openStore({ dataDir, file }: StoreOptions): Promise<Store> {
  return openSqliteStore(join(dataDir, file))
}
