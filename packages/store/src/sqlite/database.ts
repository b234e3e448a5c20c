import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../store-error.ts'
import { lockFile } from './lock.ts'
import { APPLICATION_ID, MIGRATIONS, migrate, schemaVersionOf } from './migrations.ts'
import { pingOf } from './ping.ts'

/** One file and two connections to it, which differ in what a loss of power may cost. */
export interface Database {
  /** synchronous=NORMAL: a loss of power may cost the last moments, never the file. They can be observed again. */
  readonly market: DatabaseSync
  /** synchronous=FULL: what was written stays. */
  readonly ledger: DatabaseSync
  /** How many migrations opening it ran. */
  readonly steps: number
  /** Throws when the file cannot be read or written. */
  ping(): void
  /** Writes the log back into the file and gives it free; may be repeated. */
  close(): void
}

/** Opens or makes the file, checks and migrates it. Throws a `StoreError` that names the file when it is not ours, newer, damaged or in use. */
export function openDatabase(path: string): Database {
  const connections: DatabaseSync[] = []
  let unlock = () => {}
  const close = () => {
    for (const db of connections) if (db.isOpen) db.close()
    unlock()
  }
  const connect = () => {
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
    connections.unshift(db)
    return db
  }
  try {
    assertSqliteVersion()
    unlock = lockFile(path)
    // The ledger is the first to write: who makes the log file also syncs its directory entry.
    const ledger = connect()
    const steps = prepare(ledger)
    const market = connect()
    ledger.exec('PRAGMA synchronous = FULL')
    market.exec('PRAGMA synchronous = NORMAL')
    return { market, ledger, steps, ping: pingOf([ledger, market], () => performance.now()), close }
  } catch (error) {
    close()
    throw new StoreError('STORE_MISCONFIGURED', `${path} ${faultOf(error)}`, { cause: error })
  }
}

// Versions before this one can corrupt the log of a file with two connections.
const LEAST_SQLITE_VERSION = '3.51.3'

// Only tools may have the file open beside us, and while we wait for one, nothing else in the process is done.
const BUSY_TIMEOUT_MS = 50

const FOREIGN = 'is not a Crypto Signals data file'
const DAMAGED = 'is damaged: move it away, and put a backup in its place if there is one'

// SQLite's result codes.
const CORRUPT = 11
const NOT_A_DATABASE = 26

function assertSqliteVersion(): void {
  const { sqlite: version = '' } = process.versions
  const isOld = version.localeCompare(LEAST_SQLITE_VERSION, 'en', { numeric: true }) < 0
  if (isOld) throw new Error(`needs SQLite ${LEAST_SQLITE_VERSION} or newer, this Node.js has ${version}`)
}

/** Migrates the file, and says in how many steps. Nothing is written before it is known to be ours and sound. */
function prepare(db: DatabaseSync): number {
  assertOurs(db)
  if (db.prepare('PRAGMA quick_check(1)').get()?.quick_check !== 'ok') throw new Error(DAMAGED)
  if (db.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode !== 'wal') {
    throw new Error('lies on a file system that cannot share memory: choose a local one')
  }
  return migrate(db)
}

function assertOurs(db: DatabaseSync): void {
  const version = schemaVersionOf(db)
  const isNew = version === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
  const isOurs = db.prepare('PRAGMA application_id').get()?.application_id === APPLICATION_ID
  if (!isNew && !isOurs) throw new Error(FOREIGN)
  if (version > MIGRATIONS.length) {
    throw new Error(`is from a newer version: its schema is ${version}, this version knows ${MIGRATIONS.length}`)
  }
}

function faultOf(error: unknown): string {
  const { errcode, message } = error as { errcode?: number; message: string }
  if (errcode === undefined) return message
  if (errcode === NOT_A_DATABASE) return FOREIGN
  return errcode === CORRUPT ? DAMAGED : `cannot be opened: ${message}`
}
