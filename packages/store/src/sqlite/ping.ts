import type { DatabaseSync } from 'node:sqlite'
import { APPLICATION_ID, schemaVersionOf } from './migrations.ts'

/**
 * A check that throws when the file cannot be read by one of the connections or not be written by the first, as on a disk that
 * is full or read-only. Only one check a second writes. `elapsedMs` is a clock that nobody sets.
 */
export function pingOf(connections: readonly [DatabaseSync, ...DatabaseSync[]], elapsedMs: () => number): () => void {
  let writtenAt = Number.NEGATIVE_INFINITY
  return () => {
    connections.forEach(schemaVersionOf)
    const now = elapsedMs()
    if (now - writtenAt < WRITE_INTERVAL_MS) return
    // Writes a page with what is in it already.
    connections[0].exec(`PRAGMA application_id = ${APPLICATION_ID}`)
    writtenAt = now
  }
}

const WRITE_INTERVAL_MS = 1_000
