import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Store } from '../store.ts'
import { alertStore } from './alerts.ts'
import { budgetStore } from './budgets.ts'
import { openDatabase } from './database.ts'
import { quoteStore } from './quotes.ts'
import { signalStore } from './signals.ts'
import { sourceStore } from './sources.ts'

/** A store in one SQLite file; made, with its directory, if it is not there. */
export async function openSqliteStore(path: string): Promise<Store> {
  await mkdir(dirname(path), { recursive: true })
  const database = openDatabase(path)
  const { market, ledger } = database
  return {
    adapter: 'sqlite',
    quotes: quoteStore(market),
    signals: signalStore(market),
    sources: sourceStore(market),
    alerts: alertStore(ledger),
    budgets: budgetStore(ledger),
    ping: async () => database.ping(),
    [Symbol.asyncDispose]: async () => database.close(),
  }
}
