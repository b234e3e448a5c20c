import { tempDir } from '@crypto-signals/testing'
import t from 'tap'
import { alertsContract } from './contract/alerts.contract.ts'
import { barsContract } from './contract/bars.contract.ts'
import { budgetsContract } from './contract/budgets.contract.ts'
import type { Guarantee } from './contract/guarantee.contract.ts'
import { mappingsContract } from './contract/mappings.contract.ts'
import { quotesContract } from './contract/quotes.contract.ts'
import { scoresContract } from './contract/scores.contract.ts'
import { signalsContract } from './contract/signals.contract.ts'
import { sourcesContract } from './contract/sources.contract.ts'
import type { Store } from './store.ts'

/** What every adapter of the store guarantees; `open` opens the data that belong to a directory, none at first. */
export function storeContract(adapter: string, open: (dir: string) => Promise<Store>): void {
  const guarantee: Guarantee = (title, check) => {
    t.test(`${adapter}: ${title}`, async (t) => {
      await using dir = await tempDir()
      await using opened = new AsyncDisposableStack()
      const openHere = async () => opened.use(await open(dir.path))
      await check(t, { store: await openHere(), open: openHere })
    })
  }

  guarantee('answers a ping while it is open, and only then', async (t, { store }) => {
    await t.resolves(store.ping())
    await store[Symbol.asyncDispose]()
    await t.rejects(store.ping())
  })

  guarantee('may be closed twice', async (t, { store }) => {
    await store[Symbol.asyncDispose]()
    await t.resolves(store[Symbol.asyncDispose]() as Promise<void>)
  })

  quotesContract(guarantee)
  signalsContract(guarantee)
  alertsContract(guarantee)
  sourcesContract(guarantee)
  budgetsContract(guarantee)
  barsContract(guarantee)
  scoresContract(guarantee)
  mappingsContract(guarantee)
}
