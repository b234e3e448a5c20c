import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Store } from '../store.ts'
import { alertStore } from './alerts.ts'
import { barStore } from './bars.ts'
import { budgetStore } from './budgets.ts'
import { openDatabase } from './database.ts'
import { withFailures } from './failures.ts'
import { mappingStore } from './mappings.ts'
import { MIGRATIONS } from './migrations.ts'
import { quoteStore } from './quotes.ts'
import { scoreStore } from './scores.ts'
import { signalStore } from './signals.ts'
import { sourceStore } from './sources.ts'

/** Takes the file to the newest schema; rejects with a `StoreError`. */
export async function migrateSqliteStore(path: string) {
  await mkdir(dirname(path), { recursive: true })
  const database = openDatabase(path)
  database.close()
  return { where: path, steps: database.steps, schema: MIGRATIONS.length }
}

/** A store in one SQLite file, which no other process may have open; made, with its directory, if it is not there. */
export async function openSqliteStore(path: string): Promise<Store> {
  await mkdir(dirname(path), { recursive: true })
  const database = openDatabase(path)
  const { market, ledger } = database
  const { ping } = withFailures(path, { ping: async () => database.ping() })
  return {
    adapter: 'sqlite',
    quotes: withFailures(path, quoteStore(market)),
    signals: withFailures(path, signalStore(market)),
    sources: withFailures(path, sourceStore(market)),
    bars: withFailures(path, barStore(market)),
    scores: withFailures(path, scoreStore(market)),
    mappings: withFailures(path, mappingStore(market)),
    alerts: withFailures(path, alertStore(ledger)),
    budgets: withFailures(path, budgetStore(ledger)),
    ping,
    [Symbol.asyncDispose]: async () => database.close(),
  }
}
