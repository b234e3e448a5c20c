import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Keeps other processes away from a data file until the returned function is called; stores of one process share the lock.
 * It lies on `<path>.lock`, so that tools can read the data file, and is the system's: it ends with the process, also by `kill -9`.
 * Throws when another process holds it.
 */
export function lockFile(path: string): () => void {
  const file = `${resolve(path)}.lock`
  const lock = locks.get(file) ?? { db: locked(file), holders: 0 }
  locks.set(file, lock)
  lock.holders++
  let isHeld = true
  return () => {
    if (!isHeld) return
    isHeld = false
    lock.holders--
    if (lock.holders > 0) return
    locks.delete(file)
    // The file stays: who removes it may remove one that another process has just locked.
    lock.db.close()
  }
}

const locks = new Map<string, { db: DatabaseSync; holders: number }>()

function locked(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  try {
    db.exec('BEGIN EXCLUSIVE')
    return db
  } catch (error) {
    db.close()
    const isTaken = (error as { errcode?: number }).errcode === BUSY
    throw isTaken ? new Error('is in use by another process', { cause: error }) : error
  }
}

// SQLite's result code.
const BUSY = 5
