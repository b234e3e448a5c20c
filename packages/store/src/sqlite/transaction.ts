import type { DatabaseSync } from 'node:sqlite'

/** Runs `work` as one transaction: when it throws, nothing of it is written and its own error comes through. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // After some errors SQLite has rolled back by itself; another ROLLBACK would fail and hide why.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
